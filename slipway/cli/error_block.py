"""What went wrong, where, and what to do next: one clear block on stderr, or one JSON document for a machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from slipway.cli.error import Trouble
from slipway.cli.exit_codes import ExitCode, code_of_status
from slipway.cli.plain_text import plain
from slipway.client_error import ApiError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Trouble as it is told, of whatever kind it was. status: of HTTP, where there was one."""

    message: str
    problems: tuple[Problem, ...]
    hint: str
    code: ExitCode
    status: int | None = None


def told(error: ApiError | Trouble) -> Told:
    """What is to be said about an error."""
    if isinstance(error, Trouble):
        return Told(message=error.message, problems=error.problems, hint=error.hint, code=error.code)
    return Told(
        message=error.message,
        problems=error.problems,
        hint=error.hint,
        code=code_of_status(error.status),
        status=error.status,
    )


def as_json(trouble: Told) -> dict[str, object]:
    """The trouble for a machine."""
    return {
        "error": {
            "message": trouble.message,
            "status": trouble.status,
            "errors": [{"path": one.path, "message": one.message} for one in trouble.problems],
            "hint": trouble.hint,
            "exit_code": int(trouble.code),
        }
    }


def block(trouble: Told) -> RenderableType:
    """The trouble for a person."""
    return Group(*_parts(trouble))


def _parts(trouble: Told) -> list[RenderableType]:
    parts: list[RenderableType] = [Text.assemble(("error: ", "bold red"), plain(trouble.message))]
    if trouble.problems:
        parts.append(_table(trouble.problems))
    if trouble.hint:
        parts.append(Text.assemble(("next:  ", "bold"), plain(trouble.hint)))
    return parts


def _table(problems: Sequence[Problem]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="yellow")
    table.add_column(overflow="fold")
    for one in problems:
        table.add_row(Text("       " + plain(one.path or "-")), Text(plain(one.message)))
    return table
