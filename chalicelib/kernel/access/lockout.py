"""How often a wrong secret may be shown for one name before nobody may try that name for a while. Pure.

Windows of time are fixed, so that counting is one addition. A token cannot be guessed; passwords, and what is shown at
login, can.
"""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WINDOW = timedelta(minutes=15)
MOST_WRONG = 10
"""In a window: some thousand guesses a week at a password of at least ten letters, and a person's every slip."""


def window_of(now: datetime) -> int:
    """The number of the window in which an instant lies."""
    return (now - EPOCH) // WINDOW


def left_of_window(now: datetime) -> timedelta:
    """How long the window of an instant goes on."""
    return EPOCH + (window_of(now) + 1) * WINDOW - now
