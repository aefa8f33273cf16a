"""The type of options that take an instant."""

from __future__ import annotations

from datetime import datetime

import click


class InstantType(click.ParamType[datetime]):
    """An instant, or how long ago it was: `2030-05-01T12:00Z`, `2h`."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Parse what was typed. Faults: click.BadParameter."""
        from slipway.cli.show.times import now, parse_instant

        if isinstance(value, datetime):
            return value
        try:
            return parse_instant(str(value), now())
        except ValueError:
            self.fail(f"{value!r} is no instant, such as 2030-05-01T12:00:00Z", param, ctx)


INSTANT = InstantType()
