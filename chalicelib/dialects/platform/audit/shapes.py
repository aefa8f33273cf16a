"""Shapes of the audit log."""

from chalicelib.http.shape import Shape


class EntryShape(Shape):
    """Who did what when."""

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
    """A place in the chain: the last seal walked. Digest and number are where the next page begins."""

    number: int
    digest: str


class BreakShape(Shape):
    """The first place where the log is not what was sealed. entry: empty when it is the seal itself."""

    seal: int
    entry: str
    message: str


class VerifiedShape(Shape):
    """What of the chain was walked and found whole. is_end: there is no more to walk."""

    seals: int
    entries: int
    reached: ChainHeadShape
    is_end: bool
    broken: BreakShape | None
