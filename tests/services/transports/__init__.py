import pytest

pytest.register_assert_rewrite("tests.services.transports.socket_contract")
