"""The timing screen of a session, in a real browser behind the real router."""

import pytest

from livetiming.events import (
    Attribution,
    Changed,
    Clock,
    Closed,
    CloseReason,
    Feed,
    FeedStatus,
    Laps,
    Origin,
    Posted,
)
from livetiming.racing import Column, ColumnType, Mark
from tests.web.conftest import SESSION
from tests.web.told import ToldService, described
from tests.web.viewer import hash_of


def address(router, session=SESSION):
    return f"{router.http}/#/timing/{session}"


def standing(viewer):
    return viewer.text(".lamp")


def rows(viewer):
    return [row.split() for row in viewer.texts("tbody tr")]


def shown_hash(viewer):
    """Of the state that the page shows."""
    return hash_of(viewer.canonical())


def test_a_session_is_live_from_its_snapshot_on(router, service, viewer):
    service.change(**{"7": {"num": "7", "laps": 3}, "92": {"num": "92", "laps": 3}})
    viewer.open(address(router))
    viewer.wait_for(standing, "LIVE")
    assert viewer.text("h1") == "Sunday Cup Race 1"
    assert rows(viewer) == [["1", "7", "3"], ["2", "92", "3"]]


def test_the_page_has_the_state_of_the_service_after_each_line(router, service, viewer):
    service.change(**{str(car): {"num": str(car), "laps": 0} for car in range(1, 30)})
    viewer.open(address(router))
    for lap in range(1, 51):
        car = str(1 + lap % 29)
        time_us = 90_000_000 + lap * 1_234_567
        service.change(**{car: {"laps": lap, "last": (time_us, Mark.PB), "gap": Laps(lap)}})
        viewer.wait_for(shown_hash, service.hash)
    shown = viewer.canonical()
    assert (shown["session"], shown["writer"], shown["seq"]) == (SESSION, 1, service.folded.seq)


def test_cells_are_written_by_their_columns_and_marks_have_a_glyph(router, service, viewer):
    cells = {"num": "007", "class": "GT", "state": "pit", "driver": "Ada", "gap": Laps(2)}
    times = {"last": (59_999_600, Mark.PB), "best": (106_542_000, Mark.SB)}
    service.change(**{"7": cells | times})
    viewer.open(address(router))
    row = ["1", "007", "GT", "PIT", "Ada", "2", "L", "▲1:00.000", "◆1:46.542"]
    viewer.wait_for(rows, [row])
    assert viewer.texts("thead th") == [
        "P",
        "Num",
        "Class",
        "State",
        "Driver",
        "Gap",
        "Last",
        "Best",
    ]


def test_a_column_appears_with_its_first_value_and_goes_with_its_last(router, service, viewer):
    service.change(**{"7": {"num": "7"}})
    viewer.open(address(router))
    viewer.wait_for(lambda page: page.texts("thead th"), ["P", "Num"])
    service.change(**{"7": {"tyre": "S"}})
    viewer.wait_for(lambda page: page.texts("thead th"), ["P", "Num", "Tyre"])
    service.change(**{"7": {"tyre": None}})
    viewer.wait_for(lambda page: page.texts("thead th"), ["P", "Num"])


def test_a_car_that_moves_keeps_its_row(router, service, viewer):
    service.change(**{"7": {"num": "7"}, "8": {"num": "8"}})
    viewer.open(address(router))
    viewer.wait_for(rows, [["1", "7"], ["2", "8"]])
    viewer.evaluate("document.querySelector('[data-car=\"8\"]').marked = true")
    service.say(Changed(order=(0, ("8", "7"))))
    viewer.wait_for(rows, [["1", "8"], ["2", "7"]])
    assert viewer.evaluate("document.querySelector('tbody tr').marked") is True


MOVING = "document.getAnimations().map(({ effect }) => effect.target.className || 'row')"


def test_what_changes_glows_and_what_moves_slides(router, service, viewer):
    service.change(**{"7": {"num": "7", "laps": 1}, "8": {"num": "8", "laps": 1}})
    viewer.open(address(router))
    viewer.wait_for(rows, [["1", "7", "1"], ["2", "8", "1"]])
    assert viewer.evaluate(MOVING) == []
    service.change(**{"8": {"laps": 2}})
    viewer.wait_for(lambda page: page.evaluate(MOVING), lambda looks: "c-laps" in " ".join(looks))
    viewer.wait_for(lambda page: page.evaluate(MOVING), [])


def test_nothing_moves_for_who_wants_no_motion(router, service, viewer):
    service.change(**{"7": {"num": "7", "laps": 1}, "8": {"num": "8", "laps": 1}})
    viewer.reduce_motion()
    viewer.open(address(router))
    viewer.wait_for(rows, [["1", "7", "1"], ["2", "8", "1"]])
    service.say(Changed(cars={"8": {"laps": 2}}, order=(0, ("8", "7"))))
    viewer.wait_for(rows, [["1", "8", "2"], ["2", "7", "1"]])
    assert viewer.evaluate(MOVING) == []


def test_clocks_go_on_between_the_messages(router, service, viewer):
    now = service.now
    service.session_value(
        elapsed=Clock(3_600_000_000, now, runs=True), remaining=Clock(60_000_000, now, runs=False)
    )
    viewer.open(address(router))
    seen = viewer.wait_for(
        lambda page: page.text(".elapsed b"), lambda text: text and text[0] == "1"
    )
    viewer.wait_for(lambda page: page.text(".elapsed b"), lambda text: text > seen)
    assert viewer.text(".remaining b") == "0:01:00"


def test_the_flag_has_its_word_and_its_beginning(router, service, viewer):
    viewer.open(address(router))
    for flag, word in (("green", "GREEN"), ("sc", "SAFETY CAR"), ("chequered", "FINISH")):
        service.session_value(flag=flag)
        viewer.wait_for(lambda page: page.text(".flag-bar b"), word)
    assert viewer.text(".flag-facts").startswith("since ")


def test_messages_come_newest_first_and_the_track_has_its_values(router, viewer):
    air = Column("air", ColumnType.NUMBER, "Air", "°C")
    with ToldService(router, SESSION, described(SESSION, track=(air,))) as service:
        service.session_value(air=21.5)
        for text in ("first", "second"):
            service.say(Posted(category="Pits", text=text, origin=Origin.DERIVED))
        viewer.open(address(router))
        viewer.wait_for(lambda page: len(page.texts(".messages li")), 2)
        assert [text.split()[-1] for text in viewer.texts(".messages li")] == ["second", "first"]
        assert viewer.text(".track dl").split() == ["Air", "21.5", "°C"]


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        (Feed(status=FeedStatus.STALE), "FEED SILENT"),
        (Feed(status=FeedStatus.LOST, reason="restart"), "FEED LOST"),
        (Closed(reason=CloseReason.FINISHED), "ENDED"),
    ],
)
def test_the_page_says_when_it_is_not_live(router, service, viewer, payload, word):
    viewer.open(address(router))
    viewer.wait_for(standing, "LIVE")
    service.say(payload)
    viewer.wait_for(standing, word)
    assert viewer.text(".sentence")


def test_a_session_that_is_over_leads_to_the_next(router, service, viewer):
    viewer.open(address(router))
    service.say(Closed(reason=CloseReason.MOVED, next="a" * 32))
    viewer.wait_for(lambda page: page.text(".sentence a"), "The next session")
    viewer.click(".sentence a")
    viewer.wait_for(standing, "JOINING")


def test_a_session_that_nobody_has_is_said_to_be_so(router, viewer):
    viewer.open(address(router, "b" * 32))
    viewer.wait_for(lambda page: page.text(".sentence"), lambda text: text and "Nobody" in text)


def test_the_age_of_the_feed_is_told_and_coloured(router, service, viewer):
    service.seen_at = service.now - 45_000
    viewer.open(address(router))
    viewer.wait_for(lambda page: page.text(".age.warn"), lambda text: text and "45 s ago" in text)
    service.seen_at = service.now - 200_000
    service.beacon()
    viewer.wait_for(lambda page: page.text(".age.alarm"), "updated 3 min ago")


def test_the_page_is_live_again_when_the_router_is(router, service, viewer):
    service.change(**{"7": {"num": "7", "laps": 1}})
    viewer.open(address(router))
    viewer.wait_for(standing, "LIVE")
    starts = router.said.count("listening on")
    router.kill()
    viewer.wait_for(standing, lambda word: word in ("RECONNECTING", "OFFLINE"))
    service.change(**{"7": {"laps": 2}})
    assert rows(viewer) == [["1", "7", "1"]]
    router.restarted(starts)
    viewer.wait_for(standing, "LIVE", 10)
    viewer.wait_for(shown_hash, service.hash, 10)
    assert rows(viewer) == [["1", "7", "2"]]


SCRIPTS = (
    "<script>{}</script>",
    "<img src=x onerror={}>",
    "<svg onload={}>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<iframe srcdoc='<script>{}</script>'>",
    "<a href=javascript:{}>x</a>",
    "<body onpageshow={}>",
    "<details open ontoggle={}>",
    "<math><mtext></mtext><script>{}</script></math>",
    "<style>@import 'javascript:{}'</style>",
    "javascript:{}",
    "data:text/html,<script>{}</script>",
    "{{{{constructor.constructor('{}')()}}}}",
    "${{{}}}",
    "<input autofocus onfocus={}>",
    "<video><source onerror={}></video>",
    "<object data=javascript:{}>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<base href=javascript:{}//>",
    "<link rel=stylesheet href=javascript:{}>",
)
AROUND = (
    *("{}", '"{}', "'{}", '">{}', "'>{}", "-->{}", "]]>{}", "</td>{}", "</title>{}", "</style>{}"),
    *("</script>{}", "</textarea>{}", "&lt;{}", "\\u003c{}", "%3C{}", "\u200b{}", "\u202e{}"),
    *("`{}`", "${{{}}}", "{{{{{}}}}}", "x y={} z", "{} ", "/*{}*/", "//{}", "#{}"),
)
HOSTILE = tuple(
    around.format(script.format(f"globalThis.stolen={number}"))
    for number, script in enumerate(SCRIPTS)
    for around in AROUND
)


def test_no_script_comes_from_data_in_any_field(router, viewer):
    assert len(set(HOSTILE)) == 500
    ids = ("num", "driver", "team", "car", "tyre")
    first = HOSTILE[0]
    column = {id_: Column(id_, ColumnType.TEXT, first, first) for id_ in ids}
    told = described(
        SESSION,
        **dict.fromkeys(("name", "description", "venue", "timezone"), first),
        columns=(*column.values(), Column("class", ColumnType.CLASS, first)),
        track=(column["driver"],),
        attribution=Attribution(text=first, url=f"javascript:{first}"),
    )
    with ToldService(router, SESSION, told) as service:
        for car in range(100):
            texts = HOSTILE[5 * car :][:5]
            service.change(**{f"{car}": dict(zip(ids, texts, strict=True)) | {"class": texts[0]}})
        service.session_value(**dict.fromkeys(("flag", "driver", "part", "zones"), first))
        for text in HOSTILE[::5]:
            posted = {"category": text[:32], "text": text, "style": text, "car": "1"}
            service.say(Posted(**posted, origin=Origin.PROVIDER))
        viewer.resize(1920, 1080)
        viewer.open(address(router))
        viewer.wait_for(shown_hash, service.hash)
        seen = viewer.evaluate(
            "[...document.querySelectorAll('td.t-text')].map((cell) => cell.textContent)"
        )
        assert seen == list(HOSTILE)
        assert viewer.text(".credit") == first.strip()
        assert viewer.texts(".credit a") == []
        assert viewer.evaluate("[globalThis.stolen ?? null, ({}).polluted ?? null]") == [None, None]


def test_keys_of_a_feed_do_not_reach_the_prototype_of_objects(router, service, viewer):
    service.change(toString={"num": "1"}, hasOwnProperty={"num": "2", "valueof": "x"})
    viewer.open(address(router))
    viewer.wait_for(shown_hash, service.hash)
    assert viewer.evaluate("({}).num ?? null") is None


def test_a_phone_shows_one_part_at_a_time(router, service, viewer):
    visible = "[...document.querySelectorAll('section')].filter((part) => part.offsetParent)"
    labels = f"{visible}.map((part) => part.className.split(' ').at(-1))"
    air = Column("air", ColumnType.NUMBER, "Air")
    service.say(described(SESSION, track=(air,)))
    service.session_value(air=21.5)
    viewer.open(address(router))
    viewer.wait_for(lambda page: page.evaluate(labels), ["table-panel", "messages", "track"])
    viewer.resize(390, 844)
    for number, part in enumerate(("table-panel", "messages", "track"), 1):
        viewer.click(f".tabs button:nth-child({number})")
        viewer.wait_for(lambda page: page.evaluate(labels), [part])


def test_an_attribution_is_followed_only_over_https(router, viewer):
    credit = Attribution(text="Their site", url="https://example.org/x")
    with ToldService(router, SESSION, described(SESSION, attribution=credit)):
        viewer.open(address(router))
        viewer.wait_for(lambda page: page.texts(".credit a"), ["Their site"])
        assert viewer.evaluate("document.querySelector('.credit a').rel") == "noreferrer"


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("width", [390, 1280, 2560])
def test_the_page_is_accessible_and_fits_at_any_width(router, service, viewer, theme, width):
    for car, state in enumerate(("run", "pit", "out", "stop", "ret", "fin"), 1):
        cells = {"num": str(car), "class": f"C{car}", "state": state, "driver": "Ada", "team": "B"}
        times = {"last": (90_000_000, Mark.PB), "best": (90_000_000, Mark.SB), "gap": 1_000_000}
        service.change(**{str(car): cells | times})
    service.session_value(flag="fcy")
    service.say(Posted(category="Pits", text="#1", style="pit", car="1", origin=Origin.DERIVED))
    viewer.resize(width, 800)
    viewer.open(address(router))
    viewer.use_theme(theme)
    viewer.wait_for(lambda page: len(rows(page)), 6)
    assert viewer.violations() == []
    assert viewer.evaluate("document.documentElement.scrollWidth") <= width
