import os
import random
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.programs import wait_for
from tests.network.router.serving import fill, served

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'"
)
SAFE = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
FOREVER = "public, max-age=31536000, immutable"
RECORDING = random.Random(1).randbytes(200_000)
NAME = "2026-11-24_1404_wec_race_0123456789abcdef0123456789abcdef.jsonl.zst"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    fill(
        folder,
        {
            "website/index.html": b"<!doctype html>",
            "website/assets/index-abc123.js": b"'use strict';",
            "website/assets/index-abc123.css": b"p{}",
            "website/assets/font.woff2": b"font",
            "website/icon.svg": b"<svg/>",
            "website/.env": b"hidden",
            "website/.git/config": b"hidden",
            "website/page.part": b"partial",
            "website/unknown.xyz": b"?",
            "website/empty.txt": b"",
            f"recordings/{NAME}": RECORDING,
            "recordings/broken.jsonl.zst.part": b"partial",
            "recordings/.hidden": b"hidden",
            "analysis/x.analysis.json.zst": b"analysis",
            "secret.txt": b"outside",
        },
    )
    (folder / "recordings" / "link.zst").symlink_to(folder / "secret.txt")
    (folder / "recordings" / "folder").symlink_to(folder)
    (folder / "website" / "link.txt").symlink_to("index.html")
    os.mkfifo(folder / "recordings" / "pipe.zst")
    return folder


@pytest.fixture(scope="module")
def ask(folder):
    with served(folder) as asking:
        yield asking


def test_the_first_page_has_exactly_these_headers(ask):
    page = ask("/")
    del page.headers["date"], page.headers["etag"]
    assert (page.status, page.body) == (200, b"<!doctype html>")
    assert page.headers == {
        **SAFE,
        "cache-control": "no-cache",
        "accept-ranges": "bytes",
        "content-type": "text/html; charset=utf-8",
        "content-length": "15",
        "connection": "close",
    }


@pytest.mark.parametrize(
    ("path", "media_type", "cache"),
    [
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/assets/index-abc123.js", "text/javascript; charset=utf-8", FOREVER),
        ("/assets/index-abc123.css", "text/css; charset=utf-8", FOREVER),
        ("/assets/font.woff2", "font/woff2", FOREVER),
        ("/icon.svg", "image/svg+xml", "no-cache"),
        ("/unknown.xyz", "application/octet-stream", "no-cache"),
        ("/empty.txt", "text/plain; charset=utf-8", "no-cache"),
        ("/index.html?v=1", "text/html; charset=utf-8", "no-cache"),
    ],
)
def test_a_file_of_the_website_says_what_it_is_and_how_long_it_keeps(ask, path, media_type, cache):
    answer = ask(path)
    assert answer.status == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == cache
    assert answer.headers.items() >= SAFE.items()
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        *("/none.html", "/assets", "/assets/", "/assets//index-abc123.js", "//", "//index.html"),
        *("/.env", "/.git/config", "/%2eenv", "/page.part", "/link.txt", "/index.html/"),
        *("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/../index.html"),
        *("/assets/..%2f..%2f..%2fsecret.txt", "/..\\secret.txt", "/%00", "/index.html%00.js"),
        *("/%ff%fe", "/" + "a/" * 500, "/" + "a" * 5000, "/etc/passwd", "//etc/passwd"),
        *("/recordings", "/recordings/", "/recordings/.hidden", "/recordings/link.zst"),
        *("/recordings/folder/secret.txt", "/recordings/folder/website/index.html"),
        *(
            "/recordings/../secret.txt",
            "/recordings/..%2fsecret.txt",
            "/recordings/%2e%2e/secret.txt",
        ),
        *("/recordings/pipe.zst", "/recordings/broken.jsonl.zst.part", "/recordings//" + NAME),
        *("/analysis/../recordings/" + NAME, "/analysis/", "/analysis/none.zst"),
    ],
)
def test_there_is_nothing_at(ask, path):
    answer = ask(path)
    assert (answer.status, answer.body) == (404, b"not found\n")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" in answer.headers
    assert "server" not in answer.headers


def test_recordings_are_for_everybodys_pages_and_keep_a_minute(ask):
    whole = ask(f"/recordings/{NAME}")
    assert (whole.status, whole.body) == (200, RECORDING)
    assert whole.headers["content-type"] == "application/zstd"
    assert whole.headers["cache-control"] == "public, max-age=60"
    assert whole.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in whole.headers
    assert ask("/analysis/x.analysis.json.zst").headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("0-0", 0, 1),
        ("0-99", 0, 100),
        ("100000-", 100_000, 200_000),
        ("-9", 199_991, 200_000),
        ("-300000", 0, 200_000),
        ("199999-199999", 199_999, 200_000),
        ("0-999999999", 0, 200_000),
        ("1000-150000", 1000, 150_001),
    ],
)
def test_a_range_is_these_bytes_and_no_others(ask, asked, start, stop):
    part = ask(f"/recordings/{NAME}", Range=f"bytes={asked}")
    assert (part.status, part.body) == (206, RECORDING[start:stop])
    assert part.headers["content-range"] == f"bytes {start}-{stop - 1}/200000"
    assert part.headers["content-length"] == str(stop - start)


@pytest.mark.parametrize("asked", ["200000-", "200000-300000", "-0", "999999999999999999-"])
def test_a_range_that_is_not_there_is_said_to_be_so(ask, asked):
    answer = ask(f"/recordings/{NAME}", Range=f"bytes={asked}")
    assert (answer.status, answer.headers["content-range"]) == (416, "bytes */200000")


@pytest.mark.parametrize(
    "asked",
    [
        *("bytes=0-1,2-3", "bytes=" + ",".join(["0-"] * 500), "lines=0-1", "bytes=5-1", "bytes=-"),
        *(
            "bytes=a-b",
            "bytes=0x1-2",
            "bytes=--1",
            "bytes= 0 - 1",
            "bytes=\u0661-",
            "bytes=" + "9" * 99,
        ),
    ],
)
def test_what_is_no_single_range_gets_the_whole(ask, asked):
    answer = ask(f"/recordings/{NAME}", Range=asked)
    assert (answer.status, len(answer.body)) == (200, 200_000)


def test_who_has_it_already_is_told_so(ask, folder):
    tag = ask("/").headers["etag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        answer = ask("/", If_None_Match=known)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", tag)
    assert ask("/", If_None_Match='"other"').status == 200


def test_a_range_of_another_version_gets_the_whole(ask):
    path = f"/recordings/{NAME}"
    tag = ask(path).headers["etag"]
    assert ask(path, Range="bytes=0-1", If_Range=tag).status == 206
    assert ask(path, Range="bytes=0-1", If_Range='"other"').status == 200


def test_a_recording_that_is_sealed_anew_has_another_tag(ask, folder):
    fill(folder, {"recordings/again.zst": b"one", "recordings/again.part": b"two"})
    before = ask("/recordings/again.zst").headers["etag"]
    (folder / "recordings" / "again.part").replace(folder / "recordings" / "again.zst")
    again = ask("/recordings/again.zst", If_None_Match=before)
    assert (again.status, again.body) == (200, b"two")


def test_head_is_get_without_the_body(ask):
    for path in ("/", f"/recordings/{NAME}", "/none", "/healthz"):
        get, head = ask(path), ask(path, "HEAD")
        assert (head.status, head.body) == (get.status, b"")
        assert head.headers["content-length"] == str(len(get.body))


@pytest.mark.parametrize("path", ["/", f"/recordings/{NAME}", "/healthz", "/none"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_nothing_can_be_done_to_a_file(ask, path, method):
    answer = ask(path, method)
    assert answer.status == 405
    assert answer.headers["allow"].startswith("GET, HEAD")


def test_another_sites_page_may_ask_for_ranges(ask):
    answer = ask(f"/recordings/{NAME}", "OPTIONS", Access_Control_Request_Headers="range")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-headers"] == "If-None-Match, If-Range, Range"
    assert ask("/", "OPTIONS").status == 405


def test_health_is_said_in_json(ask):
    answer = ask("/healthz")
    assert (answer.status, answer.body) == (200, b'{"ok":true}')
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"


def test_where_the_website_was_not_built_a_page_says_how(tmp_path):
    with served(tmp_path) as ask:
        page = ask("/")
        assert (page.status, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert b"npm run build" in page.body
        assert page.headers.items() >= SAFE.items()
        assert ask("/assets/x.js").status == 404
        assert ask("/recordings/x.zst").status == 404


def descriptors(of):
    """How often this process has a file open."""
    found = 0
    for each in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found += each.readlink() == of
    return found


def test_a_reader_who_goes_away_in_the_middle_leaves_no_file_open(tmp_path):
    fill(tmp_path, {"recordings/big.zst": bytes(50_000_000)})
    big = tmp_path / "recordings" / "big.zst"
    with served(tmp_path) as ask:
        for path in ("big.zst", "none.zst", ".hidden"):
            with socket.create_connection(("127.0.0.1", ask.port)) as reader:
                reader.sendall(f"GET /recordings/{path} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
                assert reader.recv(1000)
                if path == "big.zst":
                    assert descriptors(big)
        wait_for(lambda: not descriptors(big), "the file to be closed", 5)


def test_a_file_that_is_cut_while_it_is_sent_ends_the_connection(tmp_path):
    fill(tmp_path, {"recordings/big.zst": bytes(50_000_000)})
    big = tmp_path / "recordings" / "big.zst"
    with served(tmp_path) as ask:
        reader = socket.create_connection(("127.0.0.1", ask.port), timeout=10)
        reader.sendall(b"GET /recordings/big.zst HTTP/1.1\r\nHost: here\r\n\r\n")
        got = len(reader.recv(1000))
        os.truncate(big, 1000)
        try:
            while data := reader.recv(1 << 20):
                got += len(data)
        except ConnectionResetError:
            pass
        assert got < 50_000_000
        wait_for(lambda: not descriptors(big), "the file to be closed", 5)
        reader.close()
