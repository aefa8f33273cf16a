"""Keys of the table `audit`, and what is found by them.

| what is asked | table or index | pk / first | sk / first_key |
| --- | --- | --- | --- |
| an entry of the audit log by the id of its effect | audit | entry#<id> | entry |
| the entries of a project, newest first | by_first | project#<project> | <at>#<id> |
| entries that no seal has taken in | audit | unsealed#<shard, 0 to 3> | <id> |
| seals in order | audit | seal | <number, 12 digits> |
| the head of the chain | audit | head | head |

An entry and its mark of being unsealed are written at once; so writers meet at no item but their own.
"""

from zlib import crc32

from chalicelib.store.dynamo.expressions import Key

AUDIT = "audit"


SEALS = "seal"


HEAD_KEY = Key("head", "head")


UNSEALED_SHARDS = 4


def entry_key(entry_id: str) -> Key:
    """Of an entry of the audit log."""
    return Key(f"entry#{entry_id}", "entry")


def project_entries(project: str) -> str:
    """Under which the entries of a project are found."""
    return f"project#{project}"


def unsealed_key(entry_id: str) -> Key:
    """Of the mark that an entry is not sealed."""
    return Key(unsealed_hash(crc32(entry_id.encode()) % UNSEALED_SHARDS), entry_id)


def unsealed_hash(shard: int) -> str:
    """Of one part of the marks."""
    return f"unsealed#{shard}"


def seal_key(number: int) -> Key:
    """Of a seal. number: to 999,999,999,999."""
    return Key(SEALS, f"{number:012d}")
