"""Which resource API Gateway picks for a path: looked up for every request of the tests, so it is prepared once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from chalicelib.http.site.carrier import FALLBACK

Place = tuple[str, dict[str, str]]


class Gateway:
    """The resources of an API."""

    def __init__(self, routes: Mapping[str, Sequence[str]]) -> None:
        self._methods = routes
        self._by_length: defaultdict[int, list[tuple[str, list[str]]]] = defaultdict(list)
        for route in sorted(routes.keys() - {"/", FALLBACK}, key=_parameters):
            self._by_length[route.count("/")].append((route, route.split("/")))

    def place(self, method: str, path: str) -> Place | None:
        """The resource and its parameters: literals before parameters, a slash at the end left out."""
        segments = path.removesuffix("/").split("/")
        for route, parts in self._by_length.get(len(segments) - 1, ()):
            if _fits(parts, segments):
                return (route, _values(parts, segments)) if method in self._methods[route] else None
        return None


def _parameters(route: str) -> list[bool]:
    return ["{" in part for part in route.split("/")]


def _fits(parts: list[str], segments: list[str]) -> bool:
    # The first ones, before the first slash, are empty.
    return all(
        part == segment or (segment != "" and "{" in part) for part, segment in zip(parts, segments, strict=True)
    )


def _values(parts: list[str], segments: list[str]) -> dict[str, str]:
    pairs = zip(parts, segments, strict=True)
    return {part[1:-1]: segment for part, segment in pairs if "{" in part}
