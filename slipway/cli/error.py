"""The error that a command raises to fail. error_block.py prints it."""

from __future__ import annotations

from collections.abc import Sequence

from slipway.cli.exit_codes import ExitCode
from slipway.client_error import Problem


class CommandError(Exception):
    """The command fails. hint: what to do next. problems: each with its path. code: the exit code.

    call: a call with the names that were sought, of which one may be wrong.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        code: ExitCode = ExitCode.FAILED,
        problems: Sequence[Problem] = (),
        call: str = "",
    ) -> None:
        super().__init__(message)
        self.message, self.hint, self.code, self.problems, self.call = message, hint, code, tuple(problems), call
