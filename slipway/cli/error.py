"""That a command cannot do what it was asked. How it is told stands in error_block.py."""

from __future__ import annotations

from collections.abc import Sequence

from slipway.cli.exit_codes import ExitCode
from slipway.client_error import Problem


class Trouble(Exception):  # noqa: N818 - says what there is, as faults do
    """A command cannot do what it was asked. hint: what to do next. problems: each with its place."""

    def __init__(
        self, message: str, hint: str = "", *, code: ExitCode = ExitCode.FAILED, problems: Sequence[Problem] = ()
    ) -> None:
        super().__init__(message)
        self.message, self.hint, self.code, self.problems = message, hint, code, tuple(problems)
