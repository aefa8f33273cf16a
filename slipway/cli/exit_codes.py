"""What the exit code of a command means. Documented in docs/cli.md."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended. Usage is not click's 2, which means cancelled here; 64 and 69 are those of sysexits."""

    OK = 0
    FAILED = 1
    CANCELLED = 2
    NOT_FOUND = 3
    NOT_ALLOWED = 4
    USAGE = 64
    UNAVAILABLE = 69
    INTERRUPTED = 130


def code_of_outcome(phase: str) -> ExitCode:
    """The exit code for the final phase of a run; overridden and skipped count as success."""
    if phase in ("succeeded", "skipped", "overridden"):
        return ExitCode.OK
    return ExitCode.CANCELLED if phase == "cancelled" else ExitCode.FAILED


def code_of_status(status: int) -> ExitCode:
    """Return the exit code for an HTTP error status; status 0 means that the server did not answer."""
    match status:
        case 0:
            return ExitCode.UNAVAILABLE
        case 401 | 403:
            return ExitCode.NOT_ALLOWED
        case 404:
            return ExitCode.NOT_FOUND
        case _:
            return ExitCode.FAILED
