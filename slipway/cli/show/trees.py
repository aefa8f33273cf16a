"""Trees whose lines are whole, however narrow the terminal: addresses in them can be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import tree

from slipway.cli.show.output import UNLIMITED
from slipway_formats.override import override

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult


class WholeTree(tree.Tree):
    """A tree that nothing is cut from."""

    @override
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield its lines in their whole length."""
        yield from super().__rich_console__(console, options.update(width=UNLIMITED))
