"""Draw what holds a run as a tree: one branch for each thing, with who may act and what to do next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slipway.cli.runs.tree import Look
from slipway.cli.show.phases import look
from slipway.cli.show.plain_text import plain, uncoloured
from slipway.cli.show.times import instant, length, zoned_clock

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree


Hold = Mapping[str, Any]

LOOKS = {
    "approval": "waiting-person",
    "manual-task": "waiting-person",
    "external-approval": "waiting-person",
    "test-results": "waiting-person",
    "promotion": "waiting-person",
    "time": "waiting-time",
    "retry": "waiting-time",
    "freeze": "waiting-time",
    "turn": "waiting-lock",
    "lock": "waiting-lock",
    "runner": "queued",
}
"""The phase as which each kind of hold is drawn; any other kind is a phase itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A run by its title, and its explanation as the API shows it."""

    title: str
    shown: Mapping[str, Any]

    @property
    def holds(self) -> list[Hold]:
        """All that holds it."""
        return list(self.shown.get("holds") or ())


def tree(why: Why, drawing: Look) -> Tree:
    """Render the run with a branch for each thing that holds it."""
    from slipway.cli.show.trees import WholeTree

    phase = str(why.shown["phase"])
    top = WholeTree(_line(phase, f"{why.title}  {look(phase).words}{_count(why)}", drawing), guide_style="dim")
    for hold in why.holds:
        kind = str(hold["kind"])
        branch = top.add(_line(LOOKS.get(kind, kind), _where(hold, why, drawing), drawing))
        for line in _told(hold, why, drawing):
            branch.add(line)
    return top


def _count(why: Why) -> str:
    if not why.holds:
        return ": nothing holds it"
    return f": {len(why.holds)} things" if len(why.holds) > 1 else ""


def _line(phase: str, text: str, drawing: Look) -> Text:
    from rich.text import Text

    seen = look(phase)
    return Text.assemble((seen.ascii if drawing.ascii else seen.mark, seen.style), f" {plain(text)}")


def _where(hold: Hold, why: Why, drawing: Look) -> str:
    place = " / ".join(map(str, hold.get("path") or ())) or why.title
    began = instant(hold.get("since"))
    if began is None:
        return place
    return f"{place}  since {zoned_clock(began, drawing.now, drawing.zone)}, {length(drawing.now - began)}"


def _told(hold: Hold, why: Why, drawing: Look) -> Iterator[Text]:
    from rich.text import Text

    yield Text(plain(str(hold["reason"])), "bold")
    if (ends := instant(hold.get("expires_at"))) is not None:
        yield Text(
            f"ends badly at {zoned_clock(ends, drawing.now, drawing.zone)}, in {length(ends - drawing.now)}", "yellow"
        )
    for runner in (hold.get("pool") or {}).get("runners") or ():
        yield Text(plain(_runner(runner, drawing)), "" if runner.get("up") else "dim")
    for line in (hold.get("log") or {}).get("lines") or ():
        yield Text(uncoloured(str(line)), "dim")
    for step in next_steps(hold, why):
        yield Text.assemble(("next: ", "dim"), (plain(step), "cyan"))


def _runner(runner: Mapping[str, Any], drawing: Look) -> str:
    seen = instant(runner.get("seen_at"))
    state = "up" if runner.get("up") else "down"
    load = f", {runner.get('busy') or 0} of {runner['slots']} slots busy" if runner.get("slots") else ""
    when = f", seen {length(drawing.now - seen)} ago" if seen is not None else ""
    return f"runner {runner.get('name')}: {state}{load}{when} {runner.get('version') or ''}".rstrip()


def next_steps(hold: Hold, why: Why) -> list[str]:
    """The commands by which somebody can go on."""
    own = str(hold.get("run")) == str(why.shown["run"])
    run = f'"{why.title}"' if own else str(hold.get("run"))
    name = f'"{(hold.get("path") or [""])[-1]}"'
    match str(hold["kind"]):
        case "approval" | "manual-task":
            return [f"slipway run approve {run} {name}"]
        case "promotion":
            return [f"slipway run promote {run} {name}"]
        case "freeze":
            return [f'slipway run pass {run} "{(hold.get("path") or [""])[0]}" --reason TEXT', "slipway freeze list"]
        case "time" if hold.get("node"):
            return [f"slipway run override {run} {name}"]
        case "turn" | "lock" if hold.get("holder"):
            return [f'slipway why "{hold["holder"].get("title") or hold["holder"]["run"]}"']
        case "runner" if hold.get("pool"):
            pool = hold["pool"]
            list_ = f"slipway runner list --pool {pool['name']}"
            return [list_] if pool.get("up") else [f"slipway runner --pool {pool['name']}", list_]
        case "failed" | "broken":
            logs = [f"slipway run logs {run} {name}"] if hold.get("log") else []
            return [*logs, f'slipway run retry "{why.title}"']
        case "rejected":
            return [f'slipway run retry "{why.title}"']
        case "superseded" if hold.get("superseded_by"):
            by = hold["superseded_by"]
            return [f'slipway run show "{by.get("title") or by["run"]}"']
        case _:
            return []
