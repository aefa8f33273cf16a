"""Check what a new token is asked to be: its texts, scopes, grants and lifetime."""

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.kernel.access.grant import Grant
from chalicelib.kernel.access.role import RUNNER, is_scope
from chalicelib.kernel.faults import Invalid
from slipway_formats.defect import Defect

LONGEST_TEXT = 100
MOST_SCOPES = 50
USUAL_LIFETIME = timedelta(days=90)
LONGEST_LIFETIME = timedelta(days=366)
SHORTEST_LIFETIME = timedelta(minutes=1)


def check(defects: tuple[Defect, ...]) -> None:
    """Refuse what has defects. Faults: Invalid."""
    if defects:
        raise Invalid(defects)


def length_defects(path: str, text: str, *, least: int = 0) -> Iterator[Defect]:
    """Yield a defect for a text that is too long or too short, or not printable."""
    if not least <= len(text) <= LONGEST_TEXT or not text.isprintable():
        yield Defect(path, f"should have from {least} to {LONGEST_TEXT} printable characters")


def scope_defects(scopes: tuple[str, ...]) -> Iterator[Defect]:
    """Yield a defect for each text that is no scope, and one for too many or none."""
    if not 1 <= len(scopes) <= MOST_SCOPES:
        yield Defect("scopes", f"should be from 1 to {MOST_SCOPES}")
    for place, scope in enumerate(scopes[:MOST_SCOPES]):
        if not is_scope(scope):
            yield Defect(f"scopes[{place}]", f"{scope[:LONGEST_TEXT]!r} is no scope")
        elif scope == RUNNER:
            yield Defect(f"scopes[{place}]", "name the pool: runner:<pool>")


def grant_defects(grants: tuple[Grant, ...]) -> Iterator[Defect]:
    """Yield a defect for no grants at all, and for each that stands twice."""
    if not grants:
        yield Defect("grants", "name at least one")
    for place, grant in enumerate(grants):
        if grant in grants[:place]:
            yield Defect(f"grants[{place}]", f"{grant} stands more than once")


def lifetime_defects(lifetime: timedelta) -> Iterator[Defect]:
    """Yield a defect for a lifetime that is too short or too long."""
    if not SHORTEST_LIFETIME <= lifetime <= LONGEST_LIFETIME:
        yield Defect(
            "expires_in", f"should be from {_seconds(SHORTEST_LIFETIME)} to {_seconds(LONGEST_LIFETIME)} seconds"
        )


def _seconds(length: timedelta) -> int:
    return length // timedelta(seconds=1)
