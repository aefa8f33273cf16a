"""Errors as a block of text for stderr, or as one JSON document."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.text import Text

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode, code_of_status
from slipway.cli.show.plain_text import plain
from slipway.cli.show.tables import Record
from slipway.client_error import ApiError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReport:
    """An error of any kind, ready to print. status: the HTTP status, if there was one."""

    message: str
    problems: tuple[Problem, ...]
    hint: str
    code: ExitCode
    status: int | None = None


def report_of(error: ApiError | CommandError) -> ErrorReport:
    """The report of an error."""
    if isinstance(error, CommandError):
        return ErrorReport(message=error.message, problems=error.problems, hint=error.hint, code=error.code)
    return ErrorReport(
        message=error.message,
        problems=error.problems,
        hint=error.hint,
        code=code_of_status(error.status),
        status=error.status,
    )


def as_json(report: ErrorReport) -> dict[str, object]:
    """The report as a JSON document."""
    return {
        "error": {
            "message": report.message,
            "status": report.status,
            "errors": [{"path": one.path, "message": one.message} for one in report.problems],
            "hint": report.hint,
            "exit_code": int(report.code),
        }
    }


def block(report: ErrorReport) -> RenderableType:
    """The report as text for a terminal."""
    return Group(*_parts(report))


def _parts(report: ErrorReport) -> list[RenderableType]:
    parts: list[RenderableType] = [Text.assemble(("error: ", "bold red"), plain(report.message))]
    if report.problems:
        parts.append(Record([(f"       {one.path or '-'}", plain(one.message)) for one in report.problems]))
    if report.hint:
        parts.append(Text.assemble(("next:  ", "bold"), plain(report.hint)))
    return parts
