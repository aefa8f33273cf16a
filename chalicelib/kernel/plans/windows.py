"""When windows are open. A window is open up to the fire that closes it, not at it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.kernel.plans import quartz
from chalicelib.kernel.plans.work import Window, Windows


def next_opening(windows: Windows, at: datetime) -> datetime | None:
    """The earliest instant from `at` on at which one is open: `at` itself if one is now; None if none ever is."""
    found = (_next_opening(window, at) for window in windows.any_of)
    return min((instant for instant in found if instant is not None), default=None)


def _next_opening(window: Window, at: datetime) -> datetime | None:
    zone = ZoneInfo(window.timezone)
    opens, closes = (quartz.next_after(quartz.parse(cron), at, zone) for cron in (window.opens, window.closes))
    # Of one that closes as it opens anew, as whole days do, the closing comes first.
    is_open = closes is not None and (opens is None or closes <= opens)
    return at if is_open else opens
