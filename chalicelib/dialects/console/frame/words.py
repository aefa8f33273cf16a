"""Read how the reader of a page wants to see it."""

from chalicelib.dialects.console.frame.frame import Frame, Theme, Times
from chalicelib.http.callers.cookies import plain_cookie_of
from chalicelib.http.raw_request import RawRequest
from chalicelib.http.request import Request

THEME_COOKIE, TIMES_COOKIE = "slipway-theme", "slipway-times"


def read_frame(request: Request) -> Frame:
    """Read the frame of a page."""
    theme, times = plain_cookie_of(request, THEME_COOKIE), plain_cookie_of(request, TIMES_COOKIE)
    return Frame(
        target=_target(request),
        id=request.id,
        user=request.principal.name if request.principal is not None else "",
        theme=Theme(theme) if theme in set(Theme) else Theme.SYSTEM,
        times=Times(times) if times in set(Times) else Times.LOCAL,
    )


def _target(request: Request) -> str:
    raw = RawRequest(
        method="GET", path=request.path, query=request.query.values, headers={}, content=b"", id=request.id
    )
    return raw.target
