"""The phases of runs, stages and nodes: how each looks, and which of them are an end or wait for somebody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """How a phase looks. mark, ascii: one column. words: for persons."""

    mark: str
    ascii: str
    style: str
    words: str


LOOKS = {
    "new": Look("·", ".", "dim", "not begun"),
    "waiting-person": Look("◆", "?", "bold yellow", "waits for a person"),
    "waiting-time": Look("◷", "@", "cyan", "waits for its time"),
    "waiting-lock": Look("◫", "#", "cyan", "waits for the environment"),
    "gates": Look("◇", "o", "cyan", "at its gates"),
    "passing": Look("◇", "o", "cyan", "passing its gates"),
    "starting": Look("○", "o", "blue", "starting"),
    "queued": Look("◍", "q", "cyan", "waits for a runner"),
    "running": Look("●", "*", "bold blue", "running"),
    "stopping": Look("◌", "~", "magenta", "stopping"),
    "succeeded": Look("✓", "+", "green", "succeeded"),
    "failed": Look("✗", "x", "bold red", "failed"),
    "broken": Look("!", "!", "bold red", "broken"),
    "rejected": Look("⊘", "/", "bold red", "rejected"),
    "skipped": Look("↷", "-", "dim", "skipped"),
    "overridden": Look("↷", "-", "yellow", "overridden"),
    "cancelled": Look("■", "=", "yellow", "cancelled"),
    "superseded": Look("»", ">", "magenta", "superseded"),
}
FINAL = frozenset({"succeeded", "failed", "broken", "rejected", "skipped", "overridden", "cancelled", "superseded"})
DECIDED_BY_PERSON = "waiting-person"


def look(phase: str) -> Look:
    """Return how to draw the phase. One that a newer platform may send is drawn by its own name."""
    return LOOKS.get(phase) or Look("?", "?", "", phase)
