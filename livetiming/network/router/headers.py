"""The headers of what the router serves over HTTP."""

from __future__ import annotations

from pathlib import PurePosixPath

Headers = dict[str, str]

_DAY_S = 86_400
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".zst": "application/zstd",
}
"""Said here and not asked of the machine, whose own list may call a script plain text."""


def page_headers() -> Headers:
    """Of everything that the website's pages are made of (RELIABILITY P11).

    `'self'` covers the WebSocket of the same host and port too (CSP level 3).
    """
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
    )
    return {**_plain("; ".join(policy))}


def record_headers() -> Headers:
    """Of recordings and analyses, which anybody's pages may read."""
    return {
        **_plain("default-src 'none'; frame-ancestors 'none'"),
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
    }


def leave_headers() -> Headers:
    """In answer to another site's page that asks whether it may ask for ranges."""
    return {
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Allow-Headers": "If-None-Match, If-Range, Range",
        "Access-Control-Max-Age": str(_DAY_S),
    }


def page_cache(path: PurePosixPath) -> str:
    """How long a part of the website may be kept: for ever where its name has its hash."""
    if path.parts[:1] == ("assets",):
        return f"public, max-age={365 * _DAY_S}, immutable"
    return "no-cache"


def record_cache(_path: PurePosixPath) -> str:
    """How long a recording may be kept: one that is reopened is sealed anew under its name."""
    return "public, max-age=60"


def media_type(path: PurePosixPath) -> str:
    """The type of a file, by its name."""
    return _TYPES.get(path.suffix.lower(), "application/octet-stream")


def names_tag(header: str, tag: str) -> bool:
    """Whether an `If-None-Match` names a file's tag."""
    named = [each.strip().removeprefix("W/") for each in header.split(",")]
    return tag in named or "*" in named


def _plain(policy: str) -> Headers:
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
