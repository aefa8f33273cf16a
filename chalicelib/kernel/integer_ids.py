"""Integer ids of the whole installation, for the dialects that know things by numbers. One counter counts their blocks.

They begin at 10001 (FlexDeploy's clients ask for request 1 and folder 99, which must not be found) and have 31 bits.
"""

from slipway_formats.frozen import frozen

FIRST = 10_001
BLOCK = 100
"""Ids of a block. A block belongs to one owner."""

LARGEST = 2**31 - 1


@frozen
class IdOwner:
    """Whose a block of ids is. kind: `train`, `run`. id: as its owner is known elsewhere."""

    kind: str
    id: str


def first_of(block: int) -> int:
    """The first id of a block. block: from 1."""
    return FIRST + (block - 1) * BLOCK


def block_of(number: int) -> int | None:
    """The block that an id belongs to; None of a number that is never an id."""
    return (number - FIRST) // BLOCK + 1 if FIRST <= number <= LARGEST else None
