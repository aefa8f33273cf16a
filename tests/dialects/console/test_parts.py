"""Components, each by itself: what they are made of is golden, and nothing that others wrote becomes markup."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from chalicelib.dialects.console.frame.change import ChangePart, DeploymentPart, Line
from chalicelib.dialects.console.frame.crumbs import Crumb, tile_of
from chalicelib.dialects.console.frame.forms import Button, Field, Question
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.live import Live
from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.dialects.console.frame.outcomes import Outcome
from chalicelib.dialects.console.frame.run_row import RunRow
from chalicelib.dialects.console.frame.templates import environment
from chalicelib.kernel.engine.phase import Phase
from tests.dialects.console.given import HOSTILE
from tests.dialects.record import hold

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
FRAME = Frame(target="/runs/1?view=list", id="view-1", user="ann")
APPROVE = Button(value="approve", word="Approve", tone="primary")
CANCEL = Button(value="cancel", word="Cancel this run", tone="danger")
ASKED = Question(
    path="/runs/3F/decisions", id="3F-2/g1", hidden=(("node", HOSTILE),), buttons=(APPROVE, replace(APPROVE, tone=""))
)
CHANGE = DeploymentPart(title="deploy app", versions="1.0 → 1.1", defect="", lines=(Line(sign="~", words=HOSTILE),))
FIELDS = (
    Field(name="project", word="Project", value=HOSTILE),
    Field(name="status", word="Status", value="open", options=("open", "ended")),
    Field(name="waiting_for", word="waits for my word", value="me", checked="me"),
)
ROW = RunRow(
    run="3F",
    tile=tile_of("web"),
    title=f"web/{HOSTILE}#1",
    phase=Phase.RUNNING,
    releases=("lib/web-v1.2",),
    by=HOSTILE,
    began_at=NOW - timedelta(minutes=3),
    ended_at=None,
    waits=("production / ok",),
)
PARTS: dict[str, tuple[object, ...]] = {
    "mark": (Phase.FAILED,),
    "look": (Mark(shape="■", tone="wait", word="frozen"),),
    "once": (FRAME,),
    "live": (FRAME, Live(known="3f.7.1.2.A~9", every=5), "/runs"),
    "project_choice": (("web", "x"), True, "web"),
    "instant": (NOW - timedelta(hours=2), NOW),
    "exact": (NOW,),
    "took": (NOW - timedelta(seconds=90), None, NOW),
    "tile": (tile_of("web"),),
    "crumbs": (FRAME, (Crumb(word="web", path="/runs", tile=tile_of("web")), Crumb(word=HOSTILE))),
    "run_rows": (FRAME, (ROW, replace(ROW, phase=Phase.SUCCEEDED, ended_at=NOW, waits=())), NOW),
    "empty": (f"No runs yet. {HOSTILE}", "slipway pipeline trigger PROJECT NAME"),
    "filters": (FRAME, "/runs", FIELDS),
    "more": (FRAME, "/runs", "project=web&page_from=3F"),
    "decide": (FRAME, ASKED),
    "change": (ChangePart(deployments=(CHANGE,), steps=(Line(sign="-", words="step b, removed"),)),),
    "lines": ((Line(sign="+", words=f"commit, new: {HOSTILE}", detail=HOSTILE),),),
    "copy": ("3F0123456789",),
    "outcomes": (FRAME, (Outcome(run="3F", words=f"web/{HOSTILE}#1: approved", tone="ok"),)),
    "spark": ("0,32 80,0 160,16", "Deployments of each week"),
    "confirm": (FRAME, "/runs/3F/acts", CANCEL, "Cancel", "cancel", "a.b"),
}
"""What each is shown with. One line a component."""


def shown(name: str, *values: object, template: str = "frame/parts.html") -> str:
    """A component, as a page has it."""
    told = {f"v{place}": value for place, value in enumerate(values)}
    source = f"{{% import '{template}' as parts %}}{{{{ parts.{name}({', '.join(told)}) }}}}"
    return environment().from_string(source).render(**told).strip()


class Tags(HTMLParser):
    """Notes what is opened and not closed, and every tag."""

    VOID = frozenset({"input", "img", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open = list[str]()
        self.tags = set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as its class has it
        self.tags.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1] == tag or (self.open[-2:-1] == [tag] and self.open.pop() == "option"):
            self.open.pop()


def test_every_component_is_as_it_was_recorded() -> None:
    hold("parts-of-pages", [{"asked": name, "html": shown(name, *values)} for name, values in PARTS.items()])


@pytest.mark.parametrize("name", PARTS)
def test_a_component_closes_what_it_opens_and_holds_no_markup_of_others(name: str) -> None:
    tags = Tags()
    tags.feed(shown(name, *PARTS[name]))

    assert [tag for tag in tags.open if tag != "option"] == []
    assert not {"script", "img", "style"} & tags.tags


def test_every_component_is_shown_here() -> None:
    macros = environment().get_template("frame/parts.html").module.__dict__
    assert {name for name, value in macros.items() if type(value).__name__ == "Macro"} == set(PARTS)
