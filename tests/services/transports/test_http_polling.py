"""Pages polled from a real server on the loopback, which behaves well, badly, or not at all."""

import gzip
import itertools
import random
import socket
import ssl
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from livetiming.errors import BadArgument
from livetiming.services.transports import HttpPolling, Limits, Poll
from tests.services.line_server import LineServer
from tests.services.transports.polling import BRISK, Polled, polled
from tests.services.web_server import HOLD, WebServer, answer, packed


def asked(count):
    """Until the server has been asked so often."""
    return lambda _: len(_server.asked) >= count


def serve(answers):
    """A server; `asked` counts what it is asked."""
    global _server
    _server = WebServer(answers)
    return _server


def in_turn(*answers):
    """Each answer once, and the last one again and again."""

    def answer_of(_asked, number):
        return answers[min(number, len(answers) - 1)]

    return answer_of


def the_error(*pages, **options):
    """How the first failure of a page that is polled is told, without its address."""
    with serve(in_turn(*pages)) as server:
        (error,) = polled(server.url("/x?token=y"), patience=1, **options).errors
    address = f"{server.url('/x')}: "
    assert error.startswith(address)
    return error.removeprefix(address)


def test_each_new_body_is_delivered_once_on_its_channel():
    pages = [answer(200, body) for body in (b"one", b"one", b"two", b"one", b"")]
    with serve(in_turn(*pages)) as server:
        found = polled(Poll("laps", server.url(), 0.01), until=asked(8))
    assert found.delivered == [("laps", body) for body in (b"one", b"two", b"one", b"")]
    assert found.cancelled
    assert found.errors == []


def test_a_page_is_asked_for_by_what_is_known_of_it():
    pages = [
        answer(200, b"one", ETag='"1"', Last_Modified="Tue, 03 Jun 2025 10:00:00 GMT"),
        answer(304),
        answer(200, b"two", ETag='W/"2"'),
        answer(304),
    ]
    with serve(in_turn(*pages)) as server:
        found = polled(server.url(), until=asked(5))
    assert found.bodies == [b"one", b"two"]
    conditions = [
        (one.headers.get("if-none-match"), one.headers.get("if-modified-since"))
        for one in server.asked[:5]
    ]
    first = ('"1"', "Tue, 03 Jun 2025 10:00:00 GMT")
    assert conditions == [(None, None), first, first, ('W/"2"', None), ('W/"2"', None)]


def test_one_connection_is_used_for_all_questions():
    with serve(in_turn(answer(200, b"one", ETag='"1"'), answer(304), answer(200, b"x"))) as server:
        polled(server.url(), until=asked(6))
    assert server.accepted == 1


def test_a_server_that_hangs_up_after_each_answer_does_no_harm():
    def hangs_up(_asked, number):
        return [answer(200, b"%d" % number), None]

    with serve(hangs_up):
        found = polled(_server.url(), until=lambda found: len(found.bodies) >= 4)
    assert found.bodies[:4] == [b"0", b"1", b"2", b"3"]
    assert found.errors == []


def test_a_server_that_tells_that_it_hangs_up_is_connected_to_anew():
    def hangs_up(_asked, number):
        return [answer(200, b"%d" % number, Connection="close"), None]

    with serve(hangs_up):
        found = polled(_server.url(), until=lambda found: len(found.bodies) >= 3)
    assert found.bodies[:3] == [b"0", b"1", b"2"]
    assert _server.accepted >= 3


def test_an_old_server_that_tells_no_length_is_understood():
    with serve(lambda *_: [b"HTTP/1.0 200 OK\r\n\r\nold", None]) as server:
        found = polled(server.url(), until=asked(3))
    assert found.bodies == [b"old"]


def test_bodies_may_come_packed_and_in_chunks():
    text = b"a body\n" * 10_000
    whole = gzip.compress(text)
    chunks = [whole[n : n + 7] for n in range(0, len(whole), 7)]
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    pieces = [head, *(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks), b"0\r\n\r\n"]
    with serve(in_turn(packed(text + b"."), pieces)) as server:
        found = polled(server.url(), until=asked(3))
    assert found.bodies == [text + b".", text]
    assert server.asked[0].headers["accept-encoding"] == "gzip"
    assert server.asked[0].headers["user-agent"].startswith("livetiming/")


def test_several_pages_are_asked_each_at_its_own_pace():
    with serve(lambda asked, number: answer(200, b"%s %d" % (asked.path.encode(), number))):
        slow = Poll("slow", _server.url("/slow"), 0.2)
        fast = Poll("fast", _server.url("/fast"), 0.02)
        polled(slow, fast, until=asked(24))
    paths = [one.path for one in _server.asked[:24]]
    assert paths[:2] == ["/slow", "/fast"] or paths[:2] == ["/fast", "/slow"]
    assert 2 <= paths.count("/slow") < paths.count("/fast") / 3


def test_slow_answers_do_not_pile_up():
    gate = threading.Event()
    answering = itertools.count()

    def slowly(_asked, number):
        if number == 0:
            gate.wait(20)
        return answer(200, b"%d" % next(answering))

    with serve(slowly) as server:
        threading.Timer(0.3, gate.set).start()
        found = polled(Poll("", server.url(), 0.01), until=asked(3))
    assert found.bodies[0] == b"0"
    assert server.most_open == 1


def test_after_a_slow_answer_there_is_a_pause_of_half_an_interval():
    times = []

    def slowly(_asked, number):
        if times:
            times[-1] = time.monotonic() - times[-1]
        while number == 0 and time.monotonic() - began < 0.3:
            threading.Event().wait(0.01)
        times.append(time.monotonic())
        return answer(200, b"%d" % number)

    began = time.monotonic()
    with serve(slowly) as server:
        polled(Poll("", server.url(), 0.2), until=asked(2))
    assert times[0] >= 0.09


def test_a_hiccup_of_one_page_is_no_loss_of_the_feed():
    pages = [answer(200, b"a"), answer(500), answer(502), answer(200, b"b"), answer(503)]
    pages += [answer(404), answer(200, b"c")]
    with serve(in_turn(*pages)) as server:
        found = polled(server.url(), until=asked(8))
    assert found.bodies == [b"a", b"b", b"c"]
    assert found.errors == []


def test_a_few_failures_in_a_row_lose_the_feed():
    with serve(in_turn(answer(200, b"a"), answer(500))) as server:
        found = polled(server.url("/laps?key=secret"), patience=3, runs=2)
    assert found.bodies == [b"a"]
    assert found.errors == [f"{server.url('/laps')}: answered 500"] * 2
    assert len(server.asked) == 4 + 3


def test_a_feed_that_comes_back_delivers_what_it_has_although_it_is_unchanged():
    page = answer(200, b"a", ETag='"1"')
    with serve(in_turn(page, answer(500), answer(500), page, answer(304))) as server:
        found = polled(server.url(), patience=2, runs=2, until=asked(6))
    assert found.bodies == [b"a", b"a"]
    assert [one.headers.get("if-none-match") for one in server.asked[3:5]] == [None, '"1"']


def test_a_page_that_the_feed_can_do_without_is_asked_on_and_on(said):
    def without(asked, number):
        if asked.path == "/pits" and number < 40:
            return answer(404)
        return answer(200, b"%d" % number)

    with serve(without) as server:
        laps = Poll("laps", server.url("/laps"), 0.01)
        pits = Poll("pits", server.url("/pits"), 0.002, required=False)
        found = polled(laps, pits, until=lambda found: "pits" in dict(found.delivered))
    assert found.errors == []
    assert [line for line in said if line[0] != "info"] == [
        ("warn", f"{server.url('/pits')}: answered 404"),
        ("warn", f"{server.url('/pits')} answers again"),
    ]


def test_pauses_after_failures_grow_to_a_ceiling_and_never_fall_below_the_interval():
    from livetiming.services.transports.http_limits import USUAL, NoAnswer
    from livetiming.services.transports.http_polling import _Asking, _Terms
    from livetiming.services.transports.http_urls import read_url

    def pauses(every_s, retry_after_s=0.0):
        asking = _Asking(Poll("", "http://x", every_s), read_url("http://x"))
        asking._terms = _Terms(USUAL, 3, False, random.Random(7))
        found = []
        for asking._failures in range(1, 100):
            found.append(asking._pause(NoAnswer("x", retry_after_s)))
        return found

    assert all(
        low <= pause <= 2 * low for low, pause in zip([5, 10, 20], pauses(5)[:3], strict=True)
    )
    assert len(set(pauses(5)[:3])) == 3
    assert max(pauses(5)) == 60
    assert min(pauses(300)) == max(pauses(300)) == 300
    assert pauses(5) == pauses(5)
    assert pauses(5, 3600)[0] == 60
    assert pauses(1, 30)[0] == 30


RETRIES = {
    "1": {"Retry_After": "1"},
    "a date": {
        "Date": "Tue, 03 Jun 2025 10:00:00 GMT",
        "Retry_After": "Tue, 03 Jun 2025 10:00:01 GMT",
    },
}


@pytest.mark.parametrize("form", RETRIES)
def test_a_server_that_wants_to_be_left_alone_is(form):
    with serve(in_turn(answer(429, **RETRIES[form]), answer(200, b"a"))) as server:
        began = time.monotonic()
        found = polled(server.url(), until=lambda found: found.bodies)
    assert found.bodies == [b"a"]
    assert time.monotonic() - began > 0.95


def test_it_is_left_alone_when_the_feed_was_lost_by_it_too():
    with serve(in_turn(answer(503, Retry_After="1"), answer(200, b"a"))) as server:
        began = time.monotonic()
        found = polled(server.url(), patience=1, runs=2, until=lambda found: found.bodies)
    assert found.bodies == [b"a"]
    assert len(found.errors) == 1
    assert time.monotonic() - began > 0.95


@pytest.mark.parametrize("text", ["", "soon", "-1", "1e9", "٣", "Tue, 03 Jun 2025", "9" * 400])
def test_a_wish_that_cannot_be_read_or_is_mad_is_bounded(text):
    from livetiming.services.transports.http_limits import NoAnswer
    from livetiming.services.transports.http_page import _retry_after

    class Response:
        class headers:  # noqa: N801 - an attribute of a response
            @staticmethod
            def getRawHeaders(name, default):  # noqa: N802 - Twisted's name
                return [text.encode()] if name == b"Retry-After" else default

    wished = _retry_after(Response)
    assert 0 <= wished < 1e9 + 1
    assert NoAnswer("x", wished).retry_after_s == wished


def test_redirects_on_the_same_host_are_followed():
    hops = {"/": "/a", "/a": "b?x=1", "/b?x=1": None}

    def lead(asked, _number):
        to = hops[asked.path]
        if to is None:
            return answer(200, b"there", ETag='"1"')
        return answer(302, b"gone " * 100, Location=to)

    with serve(lead) as server:
        found = polled(server.url(), until=asked(6))
    assert found.bodies == [b"there"]
    assert [one.path for one in server.asked[:6]] == list(hops) * 2
    assert server.asked[5].headers["if-none-match"] == '"1"'
    assert server.accepted == 1


def test_redirects_in_a_circle_end():
    assert the_error(answer(301, Location="/x")) == "redirects more than 3 times"
    assert len(_server.asked) == 4


ELSEWHERE = {
    "http://example.com/": "redirects elsewhere: http://example.com/",
    "//169.254.169.254/latest?x": "redirects elsewhere: http://169.254.169.254/latest",
    "http://127.0.0.1:1/": "redirects elsewhere: http://127.0.0.1:1/",
    "https://127.0.0.1/": "redirects elsewhere: https://127.0.0.1/",
    "file:///etc/passwd": "redirects to no address: 'file:///etc/passwd'",
    "http://user@127.0.0.1/": "redirects to no address: 'http://user@127.0.0.1/'",
    "http://[": "redirects to no address: 'http://['",
    "http://127.0.0.1:99999/": "redirects to no address: 'http://127.0.0.1:99999/'",
}


@pytest.mark.parametrize("location", ELSEWHERE)
def test_redirects_to_elsewhere_are_not_followed(location):
    assert the_error(answer(302, Location=location)) == ELSEWHERE[location]
    assert len(_server.asked) == 1


def test_a_redirect_to_nowhere_is_a_circle():
    assert the_error(answer(302)) == "redirects more than 3 times"


@pytest.mark.parametrize("code", [201, 204, 206, 304, 400, 401, 403, 404, 429, 500, 503, 599])
def test_other_answers_are_failures(code):
    assert the_error(answer(code)) == f"answered {code}"


SMALL = BRISK._replace(max_body=10_000)
LONG = "the body has more than 10000 bytes"


def test_a_body_of_the_greatest_length_is_delivered():
    with serve(in_turn(packed(b"x" * 10_000), answer(200, b"y" * 10_000))) as server:
        found = polled(server.url(), limits=SMALL, until=asked(3))
    assert found.bodies == [b"x" * 10_000, b"y" * 10_000]


def test_a_body_that_is_said_to_be_too_long_is_not_read():
    page = answer(200, b"x", Content_Length=10_001)
    assert the_error([page, None], limits=SMALL) == "the body has 10001 of at most 10000"


def test_a_body_that_is_too_long_is_broken_off():
    head = b"HTTP/1.0 200 OK\r\n\r\n"
    assert the_error([head, *[b"x" * 1000] * 100], limits=SMALL) == LONG


def test_a_body_without_an_end_takes_no_more_than_its_bound():
    sent = itertools.count()

    def endless():
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        while True:
            next(sent)
            yield b"10000\r\n" + b"x" * 65536 + b"\r\n"

    assert the_error(endless()) == "the body has more than 8388608 bytes"
    assert next(sent) < 128 * 3


BOMB = zlib.compressobj(9, zlib.DEFLATED, 31)
BOMB = b"".join([*(BOMB.compress(bytes(2**20)) for _ in range(256)), BOMB.flush()])


def test_a_gzip_bomb_is_told_and_does_not_explode(the_memory):
    assert len(BOMB) < 300_000
    page = answer(200, BOMB, Content_Encoding="gzip")
    assert the_error(page) == "the body has more than 8388608 bytes"
    assert the_memory() < 64 * 2**20


@pytest.fixture
def the_memory():
    """How much more memory was taken at its greatest, in bytes."""
    import tracemalloc

    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


PACKED = gzip.compress(b"a body " * 100, mtime=0)
BAD_PACKS = {
    PACKED[:-5]: "the end of the gzip is missing",
    PACKED[:9]: "the end of the gzip is missing",
    b"not packed at all": "expected gzip: ",
    PACKED[:10] + b"\xff" * 20: "expected gzip: ",
    PACKED + PACKED: "expected one gzip, got more after its end",
    PACKED[:-8] + bytes(8): "expected gzip: ",
}


@pytest.mark.parametrize("body", BAD_PACKS, ids=range(len(BAD_PACKS)))
def test_what_is_packed_wrongly_is_told(body):
    page = answer(200, body, Content_Encoding="gzip")
    assert the_error(page, limits=SMALL).startswith(BAD_PACKS[body])


def test_a_coding_that_was_not_asked_for_is_told():
    page = answer(200, b"x", Content_Encoding="br")
    assert the_error(page) == "expected plain or gzip, got content in 'br'"


BREAKS = {
    "in the status": b"HTTP/1.",
    "in the headers": b"HTTP/1.1 200 OK\r\nContent-Le",
    "in the body": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
    "in a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhalf",
    "before the last chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n",
    "before anything": b"",
}


@pytest.mark.parametrize("where", BREAKS)
def test_a_connection_that_breaks_off_is_told(where):
    said = the_error([BREAKS[where], None])
    assert said.startswith("Connection was closed cleanly") or "lost" in said


def test_a_body_longer_than_it_was_said_to_be_is_cut_where_it_was_said_to_end():
    page = answer(200, b"four and more", Content_Length=4)
    with serve(in_turn(page, answer(200, b"next"))) as server:
        found = polled(server.url(), until=lambda found: len(found.bodies) == 2)
    assert found.bodies == [b"four", b"next"]
    assert found.errors == []


GARBAGE = {
    "ssh": b"SSH-2.0-OpenSSH_9.2\r\n",
    "zeros": bytes(5000) + b"\r\n",
    "noise": random.Random(3).randbytes(2000) + b"\r\n\r\n",
    "no code": b"HTTP/1.1 OK\r\n\r\n",
    "no header": b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    "a wrong length": b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    "no chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "a long line": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_in_place_of_http_is_told(what, said):
    error = the_error([GARBAGE[what], None])
    assert 0 < len(error) <= 200
    assert [text for level, text in said if level in ("error", "critical")] == []


def test_headers_without_an_end_are_broken_off():
    def endless():
        yield b"HTTP/1.1 200 OK\r\n"
        yield from itertools.repeat(b"X: y\r\n" * 1000)

    assert the_error(endless()) == "sends more than an answer may have"


SILENT = {
    "at all": (),
    "in the headers": (b"HTTP/1.1 200 OK\r\n",),
    "in the body": (answer(200, b"x", Content_Length=10),),
}


@pytest.mark.parametrize("where", SILENT)
def test_a_server_that_is_silent_is_given_up(where):
    limits = Limits(connect_s=0.1, idle_s=0.1, total_s=10)
    assert the_error([*SILENT[where], HOLD], limits=limits) == "was silent for 0.1 s"


def test_a_server_that_drips_is_given_up():
    def dripping():
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
        while not _server.closing.wait(0.02):
            yield b"x"

    limits = Limits(connect_s=5, idle_s=5, total_s=0.4)
    assert the_error(dripping(), limits=limits) == "did not answer whole within 0.4 s"


def test_a_server_that_does_not_accept_is_given_up():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        limits = Limits(connect_s=0.2, idle_s=5, total_s=10)
        url = f"http://127.0.0.1:{full.getsockname()[1]}/"
        (error,) = polled(url, patience=1, limits=limits).errors
        for one in waiting:
            one.close()
    assert error.startswith(url)
    assert "timed out" in error.lower() or "timeout" in error.lower()


def test_a_port_where_nobody_listens_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        (error,) = polled(url, patience=2).errors
    assert error.startswith(f"{url}: Connection was refused")


def test_a_host_that_does_not_exist_is_told():
    (error,) = polled("http://no.such.host.invalid/", patience=1).errors
    assert error.startswith("http://no.such.host.invalid/: ")


@pytest.mark.parametrize("when", ["asked", "in a body", "between"])
def test_a_feed_that_is_stopped_leaves_nothing_behind(when):
    def half(_asked, number):
        if when == "asked":
            return [HOLD]
        if when == "in a body" and number == 1:
            return [answer(200, b"half", Content_Length=10), HOLD]
        return answer(200, b"whole")

    with serve(half) as server:
        every_s = 100 if when == "between" else 0.01
        count = 2 if when == "in a body" else 1
        poll = Poll("", server.url(), every_s)
        found = polled(poll, until=lambda found: len(server.asked) >= count and _settled(found))
        assert found.cancelled
        assert _within(5, lambda: server.open == 0)
    assert found.errors == []


def _settled(found):
    """A few turns of the reactor later."""
    found.turns = getattr(found, "turns", 0) + 1
    return found.turns > 20


def _within(seconds, condition):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    return condition()


def test_a_feed_that_is_stopped_by_what_it_delivers_asks_no_more():
    with serve(in_turn(answer(200, b"one"))) as server:
        found = Polled([server.url()])
        found.on_delivery = found.cancel
        found.until(lambda _: False)
    assert found.cancelled
    assert len(server.asked) == 1


def test_a_feed_that_is_stopped_while_it_connects_leaves_nothing_behind():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        found = polled(f"http://127.0.0.1:{full.getsockname()[1]}/", until=_settled)
        for one in waiting:
            one.close()
    assert found.cancelled
    assert found.errors == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0.0.0.0"])
def test_a_private_address_is_not_connected_to_whatever_its_name(host):
    with serve(in_turn(answer(200, b"secret"))) as server:
        url = server.url(host=host)
        (error,) = polled(url, patience=1, allow_private=False).errors
    assert error.startswith(f"{url}: ")
    assert "is no public address" in error
    assert server.accepted == 0


def test_a_name_may_be_polled_where_private_addresses_are_allowed():
    with serve(in_turn(answer(200, b"here"))) as server:
        found = polled(server.url(host="localhost"), until=asked(1))
        assert server.asked[0].headers["host"] == f"localhost:{server.port}"
    assert found.errors == []


@pytest.fixture
def certificate(tmp_path):
    """Of localhost, signed by itself: the file of it with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form = serialization.PrivateFormat.PKCS8
    path = tmp_path / "localhost.pem"
    path.write_bytes(
        made.public_bytes(pem) + key.private_bytes(pem, form, serialization.NoEncryption())
    )
    return path


def secured(certificate, answers):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return WebServer(answers, tls=context)


def test_a_page_is_polled_over_tls_on_one_connection(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    pages = in_turn(answer(200, b"a", ETag='"1"'), answer(304), packed(b"b" * 100_000))
    with secured(certificate, pages) as server:
        url = server.url(scheme="https", host="localhost")
        found = polled(url, until=lambda found: len(found.bodies) == 2)
    assert found.bodies == [b"a", b"b" * 100_000]
    assert found.errors == []
    assert server.accepted == 1


def test_a_certificate_that_nobody_signed_is_refused(certificate):
    with secured(certificate, in_turn(answer(200, b"a"))) as server:
        url = server.url(scheme="https", host="localhost")
        found = polled(url, patience=1)
    (error,) = found.errors
    assert error.startswith(f"{url}: ")
    assert "certificate" in error
    assert server.asked == []


def test_a_certificate_of_another_host_is_refused(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with secured(certificate, in_turn(answer(200, b"a"))) as server:
        found = polled(server.url(scheme="https"), patience=1)
    assert len(found.errors) == 1
    assert server.asked == []


def test_a_feed_over_tls_that_is_stopped_leaves_nothing_behind(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with secured(certificate, in_turn([answer(200, b"half", Content_Length=10), HOLD])) as server:
        url = server.url(scheme="https", host="localhost")
        found = polled(url, until=lambda found: server.asked and _settled(found))
        assert _within(5, lambda: server.open == 0)
    assert found.cancelled


def test_plain_text_in_place_of_tls_is_told():
    with LineServer(lambda connection, _: connection.sendall(b"HTTP/1.1 400 Bad\r\n\r\n")) as one:
        url = f"https://localhost:{one.port}/"
        (error,) = polled(url, patience=1).errors
    assert error.startswith(f"{url}: ")


BAD_URLS = ["", "x", "ftp://x/", "file:///etc/passwd", "http://", "http://a:b@x/", "http://x:0x/"]
BAD_URLS += ["http://x y/", "http://x/\r\nX: y", "http://ü/", "http://x:99999/", "http://[::1/"]
BAD_URLS += ["http:///x", "javascript:alert(1)", "http://x/\x00", "http://@x/"]


@pytest.mark.parametrize("url", BAD_URLS)
def test_what_is_no_address_is_refused_at_once(url):
    with pytest.raises(BadArgument):
        HttpPolling([Poll("", url, 1)])


@pytest.mark.parametrize("every_s", [0, -1, float("nan")])
def test_what_is_no_interval_is_refused_at_once(every_s):
    with pytest.raises(BadArgument, match="expected an interval"):
        HttpPolling([Poll("", "http://x/", every_s)])


def test_no_page_is_refused_at_once():
    with pytest.raises(BadArgument, match="expected a page"):
        HttpPolling([])
