"""Keys and access patterns of the feed, in the table `runs`.

| query | table | pk | sk |
| --- | --- | --- | --- |
| entries after a number, in order | runs | feed | <number, 15 digits> |
| the last number that was given | runs | feed#number | number |

Numbers are given one by one, before the transaction that writes an entry under its number. A number whose transaction
failed is closed by an entry without occurrences. So entries have no gap but those that are being written.
"""

from chalicelib.store.dynamo.expressions import Key

RUNS = "runs"
FEED = "feed"
NUMBER = Key("feed#number", "number")


def entry_key(number: int) -> Key:
    """Key of an entry. number: from 1."""
    return Key(FEED, f"{number:015d}")


def number_of(sort_key: str) -> int:
    """Return the number of an entry from its sort key."""
    return int(sort_key)
