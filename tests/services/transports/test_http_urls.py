"""Addresses that may be polled, and where an answer may send us."""

import pytest

from livetiming.errors import FeedError
from livetiming.services.transports.http_urls import read_url, redirected

FOLLOWED = {
    ("http://x/a/b?c", "d"): "http://x/a/d",
    ("http://x/a", "/?key=1#part"): "http://x/?key=1",
    ("http://x", "http://X:80/y"): "http://X:80/y",
    ("http://x/a", "https://x/a"): "https://x/a",
    ("https://x:444/a", "//x:444/b"): "https://x:444/b",
    ("http://[::1]/a", "//[::1]/b"): "http://[::1]/b",
    ("http://x/a", "\\\\y\\a"): "http://x/\\\\y\\a",
}
REFUSED = [
    ("https://x/a", "http://x/a"),
    ("http://x/a", "https://x:444/a"),
    ("http://x:81/a", "https://x/a"),
    ("http://x/a", "http://x:8080/a"),
    ("http://x/a", "http://y.x/a"),
    ("http://x/a", "http://x.y/a"),
    ("http://x/a", "//y"),
    ("http://x/a", "http://x\\@y/"),
    ("http://x/a", "http://x@y/"),
    ("http://x/a", "gopher://x/a"),
    ("http://x/a", "/ü"),
    ("http://x/a", "/a b"),
]


@pytest.mark.parametrize(("url", "location"), FOLLOWED)
def test_redirects_on_the_same_host_and_to_its_tls_are_followed(url, location):
    assert redirected(read_url(url), location).text == FOLLOWED[url, location]


@pytest.mark.parametrize(("url", "location"), REFUSED)
def test_redirects_elsewhere_and_away_from_tls_are_not(url, location):
    with pytest.raises(FeedError, match=r"^redirects "):
        redirected(read_url(url), location)


def test_a_query_is_not_shown():
    assert read_url("https://x:8443/a?token=secret").shown == "https://x:8443/a"
