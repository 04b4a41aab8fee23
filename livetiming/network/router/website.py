"""The website, the recordings and the analyses, as Crossbar's worker serves them.

Crossbar's own static path sends no headers of ours, lists what it should not, and follows links.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from twisted.web.resource import IResource, Resource
from twisted.web.server import NOT_DONE_YET

from livetiming.network.router import headers
from livetiming.network.router.byte_range import Span, Unsatisfiable, read_range
from livetiming.network.router.folder import open_below
from livetiming.network.router.sending import Sending

_TEXT = "text/plain; charset=utf-8"
_NOT_BUILT = b"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Live timing</title>
<h1>The website is not built</h1>
<p>The router runs. Build its website in the folder of the source:</p>
<pre>cd web &amp;&amp; npm ci &amp;&amp; npm run build</pre>
"""


class _Place(Resource):
    """Answers for one path: GET and HEAD, without Crossbar's name.

    Args:
        headers: of every answer.
    """

    isLeaf = True  # noqa: N815 - Twisted's word
    methods = "GET, HEAD"

    def __init__(self, headers: headers.Headers) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._headers = headers

    def render(self, request: Any) -> Any:
        request.responseHeaders.removeHeader(b"server")
        for name, value in self._headers.items():
            request.setHeader(name, value)
        if request.method in (b"GET", b"HEAD"):
            return self.answer(request)
        return self.answer_other(request)

    def answer(self, request: Any) -> Any:
        """Answer a GET or a HEAD."""
        raise NotImplementedError

    def answer_other(self, request: Any) -> bytes:
        """Answer any other method."""
        request.setHeader("Allow", self.methods)
        return _say(request, 405, _TEXT, b"method not allowed\n")


class Health(_Place):
    """Says that the router listens."""

    def __init__(self, _extra: Mapping[str, str]) -> None:
        super().__init__(headers.page_headers())

    def answer(self, request: Any) -> Any:
        request.setHeader("Cache-Control", "no-store")
        return _say(request, 200, "application/json", b'{"ok":true}')


class _Files(_Place):
    """The files of a folder.

    Args:
        folder: where they are.
        headers: of every answer.
        cache: how long a file may be kept, by its path.
    """

    def __init__(
        self, folder: Path, headers: headers.Headers, cache: Callable[[PurePosixPath], str]
    ) -> None:
        super().__init__(headers)
        self._folder = folder
        self._cache = cache

    def answer(self, request: Any) -> Any:
        return self.answer_file(request, request.postpath)

    def answer_file(self, request: Any, names: list[bytes]) -> Any:
        """Answer with a file, a part of it, or why not."""
        file = open_below(self._folder, names)
        if file is None:
            return self.answer_missing(request, names)
        path = PurePosixPath(*(os.fsdecode(name) for name in names))
        request.setHeader("Cache-Control", self._cache(path))
        request.setHeader("Accept-Ranges", "bytes")
        return _send(request, file, headers.media_type(path))

    def answer_missing(self, request: Any, names: list[bytes]) -> bytes:
        """Answer where there is no file."""
        return _say(request, 404, _TEXT, b"not found\n")


class _Records(_Files):
    """Files that other sites' pages may read."""

    methods = "GET, HEAD, OPTIONS"

    def __init__(self, extra: Mapping[str, str]) -> None:
        super().__init__(Path(extra["folder"]), headers.record_headers(), headers.record_cache)

    def answer_other(self, request: Any) -> bytes:
        if request.method != b"OPTIONS":
            return super().answer_other(request)
        for name, value in headers.leave_headers().items():
            request.setHeader(name, value)
        request.setResponseCode(204)
        request.responseHeaders.removeHeader(b"content-type")
        return b""


class Recordings(_Records):
    """Sealed recordings."""


class Analyses(_Records):
    """Analyses of recordings."""


class _Pages(_Files):
    """The website's own files; `/` is its first page."""

    def answer(self, request: Any) -> Any:
        names = request.postpath
        return self.answer_file(request, [b"index.html"] if names == [b""] else names)

    def answer_missing(self, request: Any, names: list[bytes]) -> bytes:
        if names != [b"index.html"]:
            return super().answer_missing(request, names)
        request.setHeader("Cache-Control", "no-store")
        return _say(request, 503, "text/html; charset=utf-8", _NOT_BUILT)


class Website(Resource):
    """The root: what is no other path of the router is looked for among the website's files."""

    def __init__(self, extra: Mapping[str, str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._pages = _Pages(Path(extra["folder"]), headers.page_headers(), headers.page_cache)

    def getChild(self, path: bytes, request: Any) -> IResource:  # noqa: N802 - Twisted's word
        request.prepath.pop()
        request.postpath.insert(0, path)
        return self._pages


def _send(request: Any, file: BinaryIO, media_type: str) -> Any:
    """Answer with a file, which is closed when it is sent."""
    status = os.fstat(file.fileno())
    tag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    request.setHeader("ETag", tag)
    known = request.getHeader("if-none-match")
    if known is not None and headers.names_tag(known, tag):
        file.close()
        return _nothing(request, 304)
    try:
        span = read_range(_range(request, tag), status.st_size)
    except Unsatisfiable:
        file.close()
        request.setHeader("Content-Range", f"bytes */{status.st_size}")
        return _say(request, 416, _TEXT, b"no such bytes\n")
    request.setHeader("Content-Type", media_type)
    return _send_span(request, file, span, status.st_size)


def _range(request: Any, tag: str) -> str | None:
    """The range asked for, unless it is of another version of the file."""
    if request.getHeader("if-range") not in (None, tag):
        return None
    found: str | None = request.getHeader("range")
    return found


def _send_span(request: Any, file: BinaryIO, span: Span | None, size: int) -> Any:
    if span is not None:
        request.setResponseCode(206)
        request.setHeader("Content-Range", f"bytes {span.start}-{span.stop - 1}/{size}")
    start, stop = span or Span(0, size)
    request.setHeader("Content-Length", str(stop - start))
    if request.method == b"HEAD" or start == stop:
        file.close()
        return b""
    Sending(request, file, Span(start, stop), request.site.reactor).start()
    return NOT_DONE_YET


def _say(request: Any, code: int, media_type: str, body: bytes) -> bytes:
    request.setResponseCode(code)
    request.setHeader("Content-Type", media_type)
    request.setHeader("Content-Length", str(len(body)))
    return b"" if request.method == b"HEAD" else body


def _nothing(request: Any, code: int) -> bytes:
    request.setResponseCode(code)
    return b""
