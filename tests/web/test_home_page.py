"""What is on air, in a real browser behind the real router."""

import pytest

from livetiming.events import Clock
from tests.web.conftest import SESSION


def cards(viewer):
    return viewer.texts(".card-name")


def test_nothing_on_air_is_said_to_be_so(router, directory, viewer):
    viewer.open(router.http)
    viewer.wait_for(lambda page: page.text(".nothing-word"), "Nothing is on air")
    viewer.wait_for(lambda page: page.text(".lamp"), "ONLINE")


def test_a_session_comes_and_goes_by_itself(router, service, directory, viewer):
    viewer.open(router.http)
    viewer.wait_for(lambda page: page.text(".nothing-word"), bool)
    directory.list(service.entry())
    viewer.wait_for(cards, ["Sunday Cup"])
    directory.list()
    viewer.wait_for(cards, [])


def test_a_card_tells_of_its_session_and_leads_to_it(router, service, directory, viewer):
    now = service.now
    service.session_value(flag="sc", elapsed=Clock(60_000_000, now, runs=True))
    service.seen_at = now - 40_000
    directory.list(service.entry(recorded=2, venue="Lakemoor", cars=1))
    viewer.open(router.http)
    viewer.wait_for(cards, ["Sunday Cup"])
    assert viewer.text(".card-description") == "Race 1"
    assert viewer.text(".flag-word") == "SAFETY CAR"
    assert viewer.text(".card-clocks").startswith("0:01:0")
    facts = viewer.texts(".card-facts > span")
    assert facts[1:] == ["1 car", "2 of 3 lines recorded", "Lakemoor"]
    assert "40 s ago" in viewer.text(".age.warn")
    viewer.click(".card")
    viewer.wait_for(lambda page: page.canonical() is not None, True)
    assert viewer.canonical()["session"] == SESSION
    viewer.click(".timing-head a")
    viewer.wait_for(cards, ["Sunday Cup"])


def test_no_address_is_a_blank_page(router, viewer):
    viewer.open(f"{router.http}/#/nowhere")
    viewer.wait_for(lambda page: page.text("h1"), "There is no such page")


def test_the_theme_is_dark_until_another_is_chosen_and_is_kept(router, directory, viewer):
    theme = "document.documentElement.dataset.theme"
    viewer.open(router.http)
    viewer.wait_for(lambda page: page.evaluate(theme), "dark")
    viewer.click(".icon-button")
    assert viewer.evaluate(theme) == "light"
    viewer.start_anew()
    viewer.open(router.http)
    viewer.wait_for(lambda page: page.evaluate(theme), "light")
    viewer.click(".icon-button")
    assert viewer.evaluate(theme) == "dark"


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("width", [390, 1280, 2560])
def test_the_page_is_accessible_and_fits_at_any_width(
    router, service, directory, viewer, theme, width
):
    flags = ("green", "red", "fcy", "chequered", "code_60", "white", "none")
    directory.list(*(service.entry(session=f"{n:032x}", flag=f) for n, f in enumerate(flags)))
    viewer.resize(width, 800)
    viewer.open(router.http)
    viewer.use_theme(theme)
    viewer.wait_for(lambda page: len(cards(page)), len(flags))
    assert viewer.violations() == []
    assert viewer.evaluate("document.documentElement.scrollWidth") <= width
