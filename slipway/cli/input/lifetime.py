"""The type of options that take how long something holds."""

from __future__ import annotations

import re

import click

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class Lifetime(click.ParamType[int]):
    """A length of time in seconds, written as 90d, 12h, 30m or 45s."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The length in seconds."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"(\d{1,7})([smhd])", str(value))
        if found is None:
            self.fail(f"{value!r} is no length of time, such as 90d or 12h", param, ctx)
        return int(found[1]) * _UNITS[found[2]]


LIFETIME = Lifetime()
