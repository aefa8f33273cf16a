"""Full-text search over releases: indexed words and scoring."""

import re
from collections.abc import Iterator, Mapping

from slipway_formats.frozen import frozen
from slipway_formats.release import Metadata

MOST_WORDS = 24
"""How many words of a release are indexed; those of its name come first."""

LONGEST_WORD = 40
SHORTEST_START = 2
"""Minimum length in characters of a prefix search; shorter words match whole words only."""

NAME, TAG, METADATA, DESCRIPTION = 8, 6, 3, 2
"""How much a word weighs where it stands; a word that only begins so weighs half."""

_WORD = re.compile(r"[^\W_]+")


@frozen
class Hit:
    """An index entry: a word occurs in an application. tag, version: set when a tag of that release matches."""

    word: str
    namespace: str
    application: str
    tag: str = ""
    version: str = ""


def words_of(text: str) -> tuple[str, ...]:
    """The distinct words of a text, in lower case, in order."""
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(text.lower())))


def words_about(namespace: str, metadata: Metadata) -> tuple[str, ...]:
    """The words under which a release is indexed, most important first."""
    found = (word for text, _ in _texts(namespace, metadata) for word in words_of(text))
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


def score(asked: tuple[str, ...], namespace: str, metadata: Metadata, tag: str = "") -> int:
    """Score a release against search words: 0 unless every word matches; 1 for an empty search."""
    if not asked:
        return 1
    weighed = [*_weighed(namespace, metadata), *((word, TAG) for word in words_of(tag))]
    scores = [max((_fit(word, one, weight) for one, weight in weighed), default=0) for word in asked]
    return sum(scores) if all(scores) else 0


def has(metadata: Metadata, wanted: Mapping[str, str]) -> bool:
    """Whether the release's own metadata contains all of these entries."""
    known = metadata.metadata or {}
    return all(known.get(key) == value for key, value in wanted.items())


def _texts(namespace: str, metadata: Metadata) -> Iterator[tuple[str, int]]:
    yield metadata.name, NAME
    yield namespace, METADATA
    for key, value in sorted((metadata.metadata or {}).items()):
        yield f"{value} {key}", METADATA
    yield metadata.description, DESCRIPTION


def _weighed(namespace: str, metadata: Metadata) -> Iterator[tuple[str, int]]:
    for text, weight in _texts(namespace, metadata):
        yield from ((word, weight) for word in words_of(text))


def _fit(asked: str, word: str, weight: int) -> int:
    if asked == word:
        return 2 * weight
    return weight if len(asked) >= SHORTEST_START and word.startswith(asked) else 0
