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
    """The record that a block of integer ids belongs to. kind: `train` or `run`. id: the record's own id."""

    kind: str
    id: str


def first_of(block: int) -> int:
    """Return the first id of a block. block: from 1."""
    return FIRST + (block - 1) * BLOCK


def block_of(number: int) -> int | None:
    """Return the block that contains an id; None for a number outside the range of ids."""
    return (number - FIRST) // BLOCK + 1 if FIRST <= number <= LARGEST else None
