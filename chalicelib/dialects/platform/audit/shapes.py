"""Shapes of the audit log."""

from pydantic import Field

from chalicelib.http.query import PagedQuery
from chalicelib.http.shape import LenientShape, Shape


class EntriesQuery(PagedQuery):
    """Which entries are looked for. by: a name, or `me`. act: as `approved`. subject: a part of it.

    machines: what machines did, in place of people. since, until: RFC 3339.
    """

    project: str = ""
    machines: bool = False
    by: str = ""
    act: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""


class EntryShape(Shape):
    """An audit entry: who did what, and when."""

    id: str
    at: str
    by: str
    act: str
    subject: str
    project: str
    notes: str
    details: dict[str, str]


class EntriesShape(Shape):
    """Entries, newest first. next: `page_from` of the page after this one."""

    items: list[EntryShape]
    next: str | None


class ChainHeadShape(Shape):
    """The last verified seal of the chain. The next page begins at its number and digest."""

    number: int
    digest: str


class BreakShape(Shape):
    """The first place where the log differs from what was sealed. entry: empty if the seal itself is wrong."""

    seal: int
    entry: str
    message: str


class VerifiedShape(Shape):
    """The verified part of the chain. is_end: there is no more to verify."""

    seals: int
    entries: int
    reached: ChainHeadShape
    is_end: bool
    broken: BreakShape | None


class SealsQuery(LenientShape):
    """Where to go on: behind the seal of this number and digest. seals: so many."""

    number: int = Field(default=0, ge=0)
    digest: str = ""
    seals: int = Field(default=20, ge=1, le=20)
