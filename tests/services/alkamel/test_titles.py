"""What the name of a file says."""

import pytest

from livetiming.services.alkamel.titles import title_of


@pytest.mark.parametrize(
    ("name", "stem", "hour", "description", "kind"),
    [
        ("23_Analysis_Race.CSV", "23_Analysis_Race", None, "Race", "race"),
        ("23_Analysis_Race_Hour 6.CSV", "23_Analysis_Race", 6, "Race", "race"),
        ("06_Hour 6/23_Time Cards_Race.CSV", "23_Time Cards_Race", 6, "Race", "race"),
        ("23_Analysis_Free Practice 1.CSV", "23_Analysis_Free Practice 1", None,
         "Free Practice 1", "practice"),
        ("23_Analysis_Hyperpole LMGT3.CSV", "23_Analysis_Hyperpole LMGT3", None,
         "Hyperpole LMGT3", "qualifying"),
        ("23_Analysis_Warm Up.CSV", "23_Analysis_Warm Up", None, "Warm Up", "warmup"),
        ("23_Time Cards.CSV", "23_Time Cards", None, "23_Time Cards", "other"),
        ("6 Hours of Fuji.csv", "6 Hours of Fuji", None, "6 Hours of Fuji", "race"),
        ("wec_2024_fuji_6h.csv", "wec_2024_fuji_6h", None, "wec 2024 fuji 6h", "race"),
        ("23_Analysis_Session.CSV", "23_Analysis_Session", None, "Session", "other"),
    ],
)  # fmt: skip
def test_a_name_says_which_session_it_is(name, stem, hour, description, kind):
    title = title_of(name)
    assert (title.stem, title.hour, title.description, title.kind) == (
        stem, hour, description, kind,
    )  # fmt: skip
