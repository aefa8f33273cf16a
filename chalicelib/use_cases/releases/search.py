"""Search releases by words: candidates come from the word index and are scored by their current metadata."""

from collections.abc import Iterator, Mapping
from dataclasses import field

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.releases.release import Release, ReleaseKey
from chalicelib.kernel.releases.search import Hit, has, score, words_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.releases import Unit
from chalicelib.use_cases.releases.links import readable
from chalicelib.use_cases.releases.namespaces import NamespacesQuery, list_visible
from slipway_formats.frozen import frozen

MOST_CANDIDATES = 500
"""Of one word; for a more frequent word some of them are found."""

MOST_WORDS = 8
MOST_NAMESPACES = 100


@frozen
class SearchReleases:
    """Query: releases. namespace, application, metadata: what a release must have. after: place of the last one."""

    by: Principal
    query: str = ""
    namespace: str = ""
    application: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    size: int = 20
    after: str = ""


@frozen
class FoundRelease:
    """A matching release. tag: the tag by which it was found, if any."""

    release: Release
    score: int
    tag: str = ""

    @property
    def place(self) -> str:
        """Return its place in the order, best first."""
        key = self.release.key
        return f"{9999 - self.score:04d}/{key.namespace}/{key.application}-v{key.version}"


@frozen
class FoundPage:
    """Matching releases, best first. after: start of the next page, if there is one."""

    found: tuple[FoundRelease, ...]
    after: str | None = None


def search_releases(ports: Ports, query: SearchReleases) -> FoundPage:
    """Return the matching releases: the highest of each application, and those that a tag names. Faults: Invalid."""
    words = words_of(query.query)
    if len(words) > MOST_WORDS:
        raise Invalid.single("query", f"at most {MOST_WORDS} words can be searched for")
    best: dict[str, FoundRelease] = {}
    for one in sorted(_scored(ports, query, words), key=lambda one: one.place, reverse=True):
        best[str(one.release.key)] = one
    places = sorted(best.values(), key=lambda one: one.place)
    rest = [one for one in places if one.place > query.after]
    page = tuple(rest[: query.size])
    return FoundPage(found=page, after=page[-1].place if len(rest) > query.size else None)


def _scored(ports: Ports, query: SearchReleases, words: tuple[str, ...]) -> Iterator[FoundRelease]:
    hits = [hit for hit in _candidates(ports, query, words) if _is_selected(query, hit)]
    visible = readable(ports, [hit.namespace for hit in hits], query.by)
    units = dict.fromkeys((hit.namespace, hit.application) for hit in hits if hit.namespace in visible)
    highest: dict[Unit, Release] = {(one.namespace, one.key.application): one for one in _latest(ports, list(units))}
    for unit, release in highest.items():
        if (points := score(words, unit[0], release.metadata)) and has(release.metadata, query.metadata):
            yield FoundRelease(release=release, score=points)
    for hit in hits:
        tagged = highest.get((hit.namespace, hit.application)) if hit.tag else None
        if tagged is not None:
            yield from _by_tag(ports, query, hit, words)


def _latest(ports: Ports, units: list[Unit]) -> Iterator[Release]:
    """Yield the highest release of each application that is not yanked."""
    for release in ports.search.latest_of(units):
        if release.yanked is None:
            yield release
        elif (version := ports.releases.resolve(release.namespace, release.key.application, "latest")) is not None:
            yield ports.releases.release(_with(release, version))


def _by_tag(ports: Ports, query: SearchReleases, hit: Hit, words: tuple[str, ...]) -> Iterator[FoundRelease]:
    version = ports.releases.resolve(hit.namespace, hit.application, hit.tag)
    if version is None or version != hit.version:
        return
    release = ports.releases.release(ReleaseKey(namespace=hit.namespace, application=hit.application, version=version))
    points = score(words, hit.namespace, release.metadata, hit.tag)
    if points and has(release.metadata, query.metadata):
        yield FoundRelease(release=release, score=points, tag=hit.tag)


def _with(release: Release, version: str) -> ReleaseKey:
    return ReleaseKey(namespace=release.namespace, application=release.key.application, version=version)


def _is_selected(query: SearchReleases, hit: Hit) -> bool:
    return query.namespace in ("", hit.namespace) and query.application in ("", hit.application)


def _candidates(ports: Ports, query: SearchReleases, words: tuple[str, ...]) -> Iterator[Hit]:
    """Yield what may match, by the longest word; without words, all applications of the visible namespaces."""
    terms = (
        *words,
        *words_of(query.application),
        *(word for value in query.metadata.values() for word in words_of(value)),
    )
    if terms:
        yield from ports.search.hits(max(terms, key=len), MOST_CANDIDATES)
        return
    names = frozenset({query.namespace}) if query.namespace else None
    visible = list_visible(ports, NamespacesQuery(by=query.by, names=names)).namespaces
    for namespace in visible[:MOST_NAMESPACES]:
        for one in ports.applications.applications(namespace.name):
            yield Hit(word="", namespace=one.namespace, application=one.name)
