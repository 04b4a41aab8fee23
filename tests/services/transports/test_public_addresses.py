"""Which addresses are everybody's."""

import pytest

from livetiming.errors import FeedError
from livetiming.services.transports.public_addresses import PublicOnly, is_public

PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
NOT_PUBLIC = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("192.0.2.1", "198.18.0.1", "203.0.113.1"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1"),
    *("2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1"),
    *("2001:0:4136:e378:8000:63bf:80ff:fffe",),
    *("", "localhost", "example.com", "1", "0x7f000001", "127.1"),
]


@pytest.mark.parametrize("host", PUBLIC)
def test_addresses_of_the_internet_are_public(host):
    assert is_public(host)


@pytest.mark.parametrize("host", NOT_PUBLIC)
def test_addresses_that_mean_something_only_here_are_not(host):
    assert not is_public(host)


class Reactor:
    def __init__(self):
        self.connected = []

    def connectTCP(self, *args, **options):  # noqa: N802 - Twisted's name
        self.connected.append((args, options))
        return "connector"

    def seconds(self):
        return 5


def test_a_reactor_that_is_guarded_connects_to_public_addresses_only():
    real = Reactor()
    guarded = PublicOnly(real)
    assert guarded.connectTCP("1.1.1.1", 80, "factory", timeout=3) == "connector"
    with pytest.raises(FeedError, match=r"10\.0\.0\.1 is no public address"):
        guarded.connectTCP("10.0.0.1", 80, "factory")
    assert real.connected == [(("1.1.1.1", 80, "factory"), {"timeout": 3})]
    assert guarded.seconds() == 5
