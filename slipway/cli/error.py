"""The error that a command raises to fail. error_block.py prints it."""

from __future__ import annotations

from collections.abc import Sequence

from slipway.cli.exit_codes import ExitCode
from slipway.client_error import Problem


class CommandError(Exception):
    """The command fails. hint: what to do next. problems: each with its path. code: the exit code."""

    def __init__(
        self, message: str, hint: str = "", *, code: ExitCode = ExitCode.FAILED, problems: Sequence[Problem] = ()
    ) -> None:
        super().__init__(message)
        self.message, self.hint, self.code, self.problems = message, hint, code, tuple(problems)
