"""A pipeline drawn as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType
    from rich.tree import Tree


def tree(shown: dict[str, Any]) -> RenderableType:
    """Return a tree of its phases, gates and steps, and the addresses of its webhooks."""
    from slipway.cli.show.tables import cell
    from slipway.cli.show.trees import WholeTree

    words = [str(shown.get("concurrency", "")), *(word for word in ("disabled", "protected") if shown.get(word))]
    top = WholeTree(
        cell(" ".join([str(shown["name"]), *(f"({word})" for word in words if word not in ("", "parallel"))]))
    )
    for phase in shown.get("phases") or ():
        branch = top.add(cell(_phase_title(phase)))
        for gate in phase.get("gates") or ():
            branch.add(cell(f"gate {gate.get('name') or gate['type']}: {_said(gate)}"))
        _add_steps(branch, phase.get("steps") or ())
    for url in shown["webhook_urls"]:
        top.add(cell(f"webhook {url}"))
    return top


def _phase_title(phase: dict[str, Any]) -> str:
    words = (
        f"in {phase['environment']}" if phase.get("environment") else "",
        "exclusive" if phase.get("exclusive") else "",
        "by hand" if phase.get("promotion") == "manual" else "",
    )
    said = ", ".join(word for word in words if word)
    return f"{phase.get('name') or 'phase'} ({said})" if said else str(phase.get("name") or "phase")


def _add_steps(branch: Tree, steps: Iterable[dict[str, Any]]) -> None:
    from slipway.cli.show.tables import cell

    for step in steps:
        needs = f", after {', '.join(step['needs'])}" if step.get("needs") else ""
        line = branch.add(cell(f"{step.get('name') or step['type']}: {_said(step)}{needs}"))
        _add_steps(line, step.get("steps") or ())


def _said(one: dict[str, Any]) -> str:
    shown = ("build", "deployment", "pipeline", "environment", "cron", "team", "user", "tag", "script", "seconds")
    return " ".join([str(one["type"]), *(str(one[name]) for name in shown if one.get(name))])
