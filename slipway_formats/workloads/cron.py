"""Five-field Unix cron in UTC, read by the library cronsim. Quartz cron of gates: chalicelib/kernel/plans/quartz.py."""

from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

_FIELDS = 5


def cron_defect(text: str) -> str:
    """Return why the text is no cron of five fields that ever fires; blank if it is one."""
    if len(text.split()) != _FIELDS:
        return f"{text!r} has not the five fields minute, hour, day of month, month, day of week"
    try:
        fires = next(CronSim(text, datetime(2000, 1, 1, tzinfo=UTC)), None)
    except CronSimError as error:
        return f"{text!r} is no cron: {str(error).lower()}"
    return "" if fires is not None else f"{text!r} never fires"


def next_fire(text: str, after: datetime) -> datetime | None:
    """Return when the cron fires next, strictly after an instant; None if it never does."""
    return next(CronSim(text, after), None)


def last_fire(text: str, until: datetime) -> datetime | None:
    """Return when the cron fired last, at an instant or before; None if it never did."""
    return next(CronSim(text, _just_after(until), reverse=True), None)


def _just_after(instant: datetime) -> datetime:
    """Return an instant of which a search backwards finds the given one, if that is a fire itself."""
    return instant if instant.microsecond else instant.replace(microsecond=1)
