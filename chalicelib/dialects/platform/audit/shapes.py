"""Shapes of the audit log."""

from chalicelib.http.shape import Shape


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
