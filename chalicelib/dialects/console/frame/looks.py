"""How a reader wants to see pages, as cookies of their browser say that hold no secret."""

from chalicelib.dialects.console.frame.frame import Frame, Keys, Theme, Times
from chalicelib.http.callers.cookies import plain_cookie_in

THEME_COOKIE, TIMES_COOKIE, KEYS_COOKIE = "slipway-theme", "slipway-times", "slipway-keys"


def frame_of(target: str, cookies: str, user: str = "", view: str = "") -> Frame:
    """Return the frame of a page. cookies: the header. view: id of this view of it."""
    theme, times = plain_cookie_in(cookies, THEME_COOKIE), plain_cookie_in(cookies, TIMES_COOKIE)
    keys = plain_cookie_in(cookies, KEYS_COOKIE)
    return Frame(
        target=target,
        id=view,
        user=user,
        theme=Theme(theme) if theme in set(Theme) else Theme.SYSTEM,
        times=Times(times) if times in set(Times) else Times.LOCAL,
        keys=Keys(keys) if keys in set(Keys) else Keys.ON,
    )
