"""The ports of one request, of which change sets read each thing once, however many runs wait for it."""

from collections.abc import Collection
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from chalicelib.kernel.releases.release import Release, ReleaseKey
from chalicelib.use_cases.changes.reading import Reading
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.version import Exact, parse_query

if TYPE_CHECKING:
    from chalicelib.use_cases.ports.releases import Releases


def reading_of(ports: Ports, releases: Collection[ReleaseKey] = ()) -> Reading:
    """Return what a request reads by. releases: read at once, as those of many runs."""
    known = _KnownReleases(ports.releases, releases)
    namespaces = _Once(ports.namespaces, "project_of", "find_namespace")
    projects = _Once(ports.projects, "environment")
    once = {"releases": known, "namespaces": namespaces, "projects": projects}
    return Reading(ports=replace(ports, **cast("Any", once)))


class _Once:
    """A port that is only read. once: methods that it is asked by for each thing once; faults are not kept."""

    def __init__(self, port: object, *once: str) -> None:
        self._port: Any = port
        self._once = once

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        found = getattr(self._port, name)
        if name in self._once:
            found = cache(found)
        setattr(self, name, found)  # the next use finds it at once
        return found


class _KnownReleases(_Once):
    """The port Releases, by which a release that is known is neither found nor resolved anew."""

    def __init__(self, port: "Releases", wanted: Collection[ReleaseKey]) -> None:
        super().__init__(port)
        found = {release.key: release for release in port.find_releases(wanted)} if wanted else {}
        self._known: dict[ReleaseKey, Release | None] = {key: found.get(key) for key in wanted}

    def find_release(self, key: ReleaseKey) -> Release | None:
        """Return the release, if there is one."""
        if key not in self._known:
            self._known[key] = self._port.find_release(key)
        return self._known[key]

    def resolve(self, namespace: str, application: str, query: str) -> str | None:
        """Return the version that a query selects, if any."""
        parsed = parse_query(query)
        if not isinstance(parsed, Exact):
            selected: str | None = self._port.resolve(namespace, application, query)
            return selected
        key = ReleaseKey(namespace=namespace, application=application, version=parsed.version)
        return parsed.version if self.find_release(key) is not None else None
