"""How releases are found by words: which words speak of one, and how well what is asked for fits. Pure."""

import re
from collections.abc import Iterator, Mapping

from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.release import Metadata

MOST_WORDS = 24
"""Words by which one release is found; its name's come first."""

LONGEST_WORD = 40
SHORTEST_START = 2
"""Characters: what is shorter finds whole words alone."""

NAME, TAG, METADATA, DESCRIPTION = 8, 6, 3, 2
"""How much a word weighs where it stands; a word that only begins so weighs half."""

_WORD = re.compile(r"[^\W_]+")


@frozen
class Hit:
    """That a word speaks of an application. tag, version: of the release that a tag of this word names."""

    word: str
    namespace: str
    application: str
    tag: str = ""
    version: str = ""


def words_of(text: str) -> tuple[str, ...]:
    """Answers the words of a text in lower case, each once, in order."""
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(text.lower())))


def words_about(namespace: str, metadata: Metadata) -> tuple[str, ...]:
    """Answers the words by which a release is found, the heaviest first."""
    found = (word for text, _ in _texts(namespace, metadata) for word in words_of(text))
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


def score(asked: tuple[str, ...], namespace: str, metadata: Metadata, tag: str = "") -> int:
    """Answers how well a release fits the words: nothing, unless every word does; 1, if none are asked for."""
    if not asked:
        return 1
    weighed = [*_weighed(namespace, metadata), *((word, TAG) for word in words_of(tag))]
    scores = [max((_fit(word, one, weight) for one, weight in weighed), default=0) for word in asked]
    return sum(scores) if all(scores) else 0


def has(metadata: Metadata, wanted: Mapping[str, str]) -> bool:
    """Answers whether the release's own metadata holds all of this."""
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
