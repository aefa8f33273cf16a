"""Render pages from templates, which lie beside the page that they show. Text is escaped unless it is markup of ours.

The only module that imports Jinja2: 70 ms, which the API's cold start does not pay.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.dialects.console.frame.assets import hash_of_files
from chalicelib.dialects.console.frame.durations import largest, length
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.marks import mark
from chalicelib.dialects.console.frame.rail import RAIL

DAY = timedelta(days=1)
ROOT = Path(__file__).parents[1]


def render(template: str, frame: Frame, **values: object) -> str:
    """Return the page of a template, such as `login/login.html`."""
    return environment().get_template(template).render(frame=frame, **values)


@cache
def environment() -> Environment:
    """Return what templates are read and filled by."""
    made = Environment(
        loader=FileSystemLoader(ROOT), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    filters: Mapping[str, object] = {
        "mark": mark,
        "length": length,
        "iso": _iso,
        "exact": _exact,
        "ago": _ago,
        "age": _age,
        "moment": _moment,
        "clock": _clock,
        "pattern": _pattern,
    }
    made.filters.update(filters)
    made.globals.update(static=f"static/{hash_of_files()}/", rail=RAIL)
    return made


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _moment(at: datetime, now: datetime) -> str:
    """Return an instant as exactly as its age is told: to the minute within a day, to the day before that."""
    told = at.astimezone(UTC).isoformat()
    return f"{told[:16]}Z" if now - at < DAY else told[:10]


def _age(at: datetime, now: datetime) -> str:
    """Return how old something is, by its largest unit alone. static/files/console.js says the same of the moment."""
    if now - at < DAY:
        return largest(now - at)
    return largest(now - at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0))


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"


def _exact(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _ago(at: datetime, now: datetime) -> str:
    """Return how long ago something was, or in how long it will be."""
    return f"{length(now - at)} ago" if at <= now else f"in {length(max(at - now, timedelta()))}"


def _pattern(name: str) -> str:
    """Return a pattern of inputs that a name alone fits, by every rule of regular expressions in HTML."""
    return "".join(one if one.isalnum() else f"\\u{{{ord(one):x}}}" for one in name)
