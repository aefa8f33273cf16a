"""What programs can be given as values of variables."""

import json
from collections.abc import Iterator, Mapping

from slipway_formats.defect import Defect

LONGEST_VALUE, LONGEST_VALUES = 100_000, 400_000
"""Bytes of a variable's value, and of all values of a job: Linux starts no program with a variable over 128 KiB, or
with more than 2 MiB in all, and a job's variables are there twice, with those of the environment besides."""

HOLDS_NUL = "holds a NUL, which no program can be given"


def value_defects(given: Mapping[str, object], path: str, most: int = LONGEST_VALUES) -> Iterator[Defect]:
    """Yield the defects of values that no program can be given.

    path: where the variables are in the input. most: bytes of all together.
    """
    sizes = {name: _size(value) for name, value in given.items()}
    for name, value in given.items():
        if _holds_nul((name, value)):
            yield Defect(f"{path}.{name}", HOLDS_NUL)
        if sizes[name] > LONGEST_VALUE:
            told = f"is {sizes[name]} bytes as text, more than the {LONGEST_VALUE} that a program can be given"
            yield Defect(f"{path}.{name}", told)
    if max(sizes.values(), default=0) <= LONGEST_VALUE and sum(sizes.values()) > most:
        yield Defect(path, f"are over {most} bytes together, more than a run can be given")


def _size(value: object) -> int:
    return len((value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).encode("utf-8", "replace"))


def _holds_nul(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_nul(one) for one in value.items())
    if isinstance(value, list | tuple):
        return any(_holds_nul(one) for one in value)
    return isinstance(value, str) and "\0" in value
