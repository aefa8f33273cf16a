"""Headers of every page: what it may load, and who may show it."""

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.http.operation import Schema
from chalicelib.http.reply import Reply, html_reply
from chalicelib.http.request import FORM as FORM_MEDIA

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing from elsewhere, and no script or style inside a page."""

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        # Browsers heed it behind HTTPS alone. Source: RFC 6797, 8.1.
        "Strict-Transport-Security": "max-age=31536000",
        "Cache-Control": "no-store",
        "Vary": "HX-Request",
    }
)


FORM = Schema(status=303, body=dict[str, str], takes=FORM_MEDIA)
"""How a row takes a form. Its answer leads to the page that shows what is so then: `leave_for`."""


def page_reply(page: str, status: int | None = None) -> Reply:
    """Return a reply of a page."""
    reply = html_reply(page, POLICY, status)
    return Reply(status=status, headers={**HEADERS, **reply.headers}, body=page)


def leave_for(place: str, **headers: str | tuple[str, ...]) -> Reply:
    """Return a redirect to an address, which a browser asks for by GET."""
    return Reply(status=303, headers={**HEADERS, "Location": place, **headers})
