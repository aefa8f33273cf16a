"""Login throttling: how many failed attempts a name may have per time window before it is locked out.

Windows have fixed bounds, so that counting is one atomic addition. Tokens are not throttled, for they cannot be
guessed; passwords and what is entered at login are.
"""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WINDOW = timedelta(minutes=15)
MOST_WRONG = 10
"""Failed attempts per window: allows about 7000 guesses a week, and people their typing errors."""


def window_of(now: datetime) -> int:
    """Return the number of the lockout window that contains an instant."""
    return (now - EPOCH) // WINDOW


def rest_of_window(now: datetime) -> timedelta:
    """Return the time until the current lockout window ends."""
    return EPOCH + (window_of(now) + 1) * WINDOW - now
