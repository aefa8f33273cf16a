"""Serve dialects whose rows are imported by the first request under their prefixes.

A cold start then imports neither pydantic nor the shapes of dialects that are not called.
"""

import gc
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Generic
from urllib.parse import unquote

from chalicelib.http.raw_request import RawRequest
from chalicelib.http.request_context import Ports, RequestContext

if TYPE_CHECKING:
    from chalicelib.http.operation import Operation
    from chalicelib.http.reply import Reply
    from chalicelib.http.site.serve import Site

SLASHES = re.compile("//+")


@dataclass(frozen=True, slots=True)
class Part:
    """A dialect, one published API, that is imported on its first request. prefixes: of its URLs.

    outside: one of these that is put before every path of the dialect from outside, and taken off again.

    module: defines its routes as OPERATIONS. describes: it serves the documentation of all routes, so its module has a
    function `operations_of(table)` instead. is_pages: for people, so that the documentation of the APIs leaves it out;
    on AWS a function of its own serves it, whose zip alone holds it.
    """

    module: str
    prefixes: tuple[str, ...]
    describes: bool = False
    outside: str = ""
    is_pages: bool = False

    @property
    def is_here(self) -> bool:
        """Whether the zip of this function holds the dialect."""
        return not self.is_pages or find_spec(self.module.rpartition(".")[0]) is not None


@dataclass(frozen=True, slots=True)
class LazySite(Generic[Ports]):
    """The dialects, and the context in which their requests are answered."""

    parts: Sequence[Part]
    context: RequestContext[Ports]
    made: "dict[Part, tuple[Operation, ...]]" = field(default_factory=dict)
    sites: "dict[Part, Site[Ports]]" = field(default_factory=dict)

    def serve(self, request: RawRequest) -> "Reply":
        """Answer a request with the dialect whose prefix its path has."""
        part = self.part_of(request.path)
        inner = replace(request, path=_inner_path(part, request.path))
        return self._site(part).serve(inner)

    def largest_body(self, method: str, path: str, headers: Mapping[str, str]) -> int:
        """Return the longest body that the row takes, before the body is read; 0 if it would refuse any."""
        part = self.part_of(path)
        inner = _inner_path(part, path)
        asked = RawRequest(method=method, path=inner, query={}, headers=headers, content=b"", id="")
        return self._site(part).largest_body(asked)

    def _site(self, part: Part) -> "Site[Ports]":
        # Two concurrent first requests may both make the site: only one is kept.
        return self.sites.get(part) or self.sites.setdefault(part, self._site_of(part))

    def part_of(self, path: str) -> Part:
        """Return the dialect with the longest prefix of a raw path, after unquoting it and removing double slashes.

        Pages that are elsewhere are not known: their paths are refused as all that nobody serves.
        """
        clean = SLASHES.sub("/", unquote(path))
        claims = [
            (len(prefix), place)
            for place, part in enumerate(self.parts)
            for prefix in part.prefixes
            if clean.startswith(prefix) and part.is_here
        ]
        return self.parts[max(claims)[1]]

    def rows(self) -> "tuple[Operation, ...]":
        """Return the rows of all dialects that are here, in order. Imports them all."""
        return tuple(row for part in self.parts if part.is_here for row in self._rows_of(part))

    def documented(self) -> "tuple[Operation, ...]":
        """Return the rows of the APIs, in order. Imports them all."""
        return tuple(row for part in self.parts if not part.is_pages for row in self._rows_of(part))

    def _rows_of(self, part: Part) -> "tuple[Operation, ...]":
        return self.made.get(part) or self.made.setdefault(part, self._imported(part))

    def _imported(self, part: Part) -> "tuple[Operation, ...]":
        # One that is there may be amid its import by another thread, for which `import_module` waits.
        module = import_module(part.module) if part.module in sys.modules else _imported_to_stay(part.module)
        rows: tuple[Operation, ...] = module.operations_of(self.documented) if part.describes else module.OPERATIONS
        return rows

    def _site_of(self, part: Part) -> "Site[Ports]":
        # Imported late: they import pydantic, which slows down a cold start.
        from chalicelib.http.site.match import table_of
        from chalicelib.http.site.serve import Site

        return Site(table_of(self._rows_of(part)), self.context)


def _inner_path(part: Part, path: str) -> str:
    """Return a path without what is put before those of its dialect from outside."""
    rest = path.removeprefix(part.outside)
    return rest if part.outside and rest.startswith("/") else path


def _imported_to_stay(name: str) -> ModuleType:
    """Import a module, and keep the garbage collector from looking through it and all else that is there ever again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
