"""Shapes of freezes and stops of the line."""

from pydantic import AwareDatetime, Field

from chalicelib.http.shape import LenientShape, Shape

LONGEST_TEXT = 1000


class PassersBody(Shape):
    """Who may pass besides admins. reasons: with one of which theirs begins; any will do without."""

    users: list[str] = Field(default=[], max_length=100)
    teams: list[str] = Field(default=[], max_length=100)
    reasons: list[str] = Field(default=[], max_length=20)


class FreezeBody(Shape):
    """A freeze: once, from `begins` (now if left out) to `ends`; or as often as the Quartz crons fire.

    environment: one of the project, or without a project all of that name; empty for all. may_pass: besides admins.
    """

    environment: str = ""
    begins: AwareDatetime | None = None
    ends: AwareDatetime | None = None
    opens: str = ""
    closes: str = ""
    timezone: str = "UTC"
    reason: str = Field(max_length=LONGEST_TEXT)
    may_pass: PassersBody = PassersBody()


class StopBody(Shape):
    """A stop of the line. seconds: how long, at most 7 days. environment: as of a freeze."""

    seconds: int
    reason: str = Field(max_length=LONGEST_TEXT)
    environment: str = ""


class FreezeShape(Shape):
    """A freeze. project, environment: empty for all. holds_until: when the time ends in which it holds now; next: when
    it holds next. Of one that holds once, opens and closes are empty.
    """

    id: str
    project: str
    environment: str
    stop: bool
    begins: str | None
    ends: str | None
    opens: str
    closes: str
    timezone: str
    reason: str
    by: str
    at: str
    may_pass: PassersBody
    holds_until: str | None
    next: str | None


class FreezesShape(Shape):
    """Freezes that are not over."""

    items: list[FreezeShape]


class LiftedShape(Shape):
    """The stops that were lifted."""

    lifted: list[str]


class CalendarEntryShape(Shape):
    """A time, or an instant without `ends`. kind: freeze, stop, window, schedule, promotion. id: of freeze or run."""

    kind: str
    begins: str
    ends: str | None
    title: str
    project: str
    environment: str
    id: str


class CalendarShape(Shape):
    """What a month brings, in order. openings: of each environment of `?project=`, from when on no freeze holds it."""

    begins: str
    ends: str
    items: list[CalendarEntryShape]
    openings: dict[str, str]


class ProjectQuery(LenientShape):
    """Of which project; empty for the installation, or in lists for all that the caller may read."""

    project: str = ""


class CalendarQuery(ProjectQuery):
    """month: as 2030-05; the 31 days from now on unless said."""

    month: str = ""
