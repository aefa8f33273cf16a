"""The schemas of the State Service as they were published, read from their page: fields, types, and who writes them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

PAGE = Path(__file__).parents[2] / "data" / "state-schemas.txt"
HEAD = "Field Type Description Example"
PLAIN = frozenset({"string", "bool", "int", "object", "enum"})
NAMED = re.compile(r"([a-z_]+) (\[\w+\]|[A-Z]\w+|\[|\{)( .*)?")
READ_ONLY = ("read-only", "read only")
SAYS_STATUS = "status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field. type: a plain type, `[X]`, `{string: X}` or the name of a schema. choices: of an enum."""

    name: str
    type: str
    about: str = ""
    choices: tuple[str, ...] = ()

    @property
    def is_read_only(self) -> bool:
        """Whether the page says that it is not to be written; a step's status says so of every other status alone."""
        return any(mark in self.about.lower() for mark in READ_ONLY) or self.name == SAYS_STATUS


def schemas() -> Mapping[str, tuple[Field, ...]]:
    """The fields of every schema of the page, by its name."""
    lines = [line.strip() for line in PAGE.read_text().splitlines() if line.strip()]
    begins = [place - 1 for place, line in enumerate(lines) if line == "Description:"]
    parts = [lines[start:end] for start, end in pairwise([*begins, len(lines)])]
    return {part[0]: tuple(_fields(part[part.index(HEAD) + 1 :])) for part in parts if HEAD in part}


def _fields(lines: Sequence[str]) -> Iterator[Field]:
    starts = [place for place in range(len(lines)) if _is_start(lines, place)]
    for start, end in pairwise([*starts, len(lines)]):
        yield _field(lines[start:end])


def _is_start(lines: Sequence[str], place: int) -> bool:
    following = lines[place + 1] if place + 1 < len(lines) else ""
    is_name = re.fullmatch(r"[a-z_]+", lines[place]) is not None and following in PLAIN
    # Inside `[`, `string`, `]` a type stands alone, which is the name of nothing.
    return (is_name and lines[place] not in PLAIN) or NAMED.fullmatch(lines[place]) is not None


def _field(lines: Sequence[str]) -> Field:
    named = NAMED.fullmatch(lines[0])
    if named is None:
        rest = lines[2:]
        choices = tuple(line.strip('"') for line in rest if line.startswith('"'))
        about = " ".join(line for line in rest if not line.startswith('"'))
        return Field(name=lines[0], type=lines[1], about=about, choices=choices)
    name, opening, about = named.groups()
    if opening in "[{":
        close = next(place for place, line in enumerate(lines) if line.endswith("]" if opening == "[" else "}"))
        kind = " ".join((opening, *lines[1 : close + 1])).replace("[ ", "[").replace(" ]", "]").replace("{ ", "{")
        return Field(name=name, type=kind.replace(" :", ":").replace(" }", "}"), about=" ".join(lines[close + 1 :]))
    return Field(name=name, type=opening, about=" ".join((about or "", *lines[1:])).strip())
