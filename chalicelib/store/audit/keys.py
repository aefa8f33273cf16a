"""Keys and access patterns of the table `audit`.

| query | table or index | pk / first | sk / first_key |
| --- | --- | --- | --- |
| an audit entry by its id | audit | entry#<id> | entry |
| what people did in a project, newest first | by_first | project#<project> | <at>#<id> |
| what machines did in a project | by_first | machines#<project> | <at>#<id> |
| what people did at all, newest first | by_second | people | <at>#<id> |
| what machines did at all | by_second | machines | <at>#<id> |
| how far the entries of earlier versions are listed so | audit | listed | listed |
| markers of entries that no seal covers yet | audit | unsealed#<shard, 0 to 3> | <id> |
| seals in order | audit | seal | <number, 12 digits> |
| the head of the chain | audit | head | head |

An entry and its "unsealed" marker are written in one transaction. Writers share no item, so they never conflict. The
partitions of all that was done take 1,000 entries a second each, twice of what the sealer keeps up with.
"""

from zlib import crc32

from chalicelib.store.dynamo.expressions import Key

AUDIT = "audit"


SEALS = "seal"


HEAD_KEY = Key("head", "head")


LISTED_KEY = Key("listed", "listed")


UNSEALED_SHARDS = 4


def entry_key(entry_id: str) -> Key:
    """Key of an audit entry."""
    return Key(f"entry#{entry_id}", "entry")


def project_entries(project: str, *, machines: bool) -> str:
    """Partition key in `by_first` of what people did in a project, or machines."""
    return f"machines#{project}" if machines else f"project#{project}"


def all_entries(*, machines: bool) -> str:
    """Partition key in `by_second` of what people did at all, or machines."""
    return "machines" if machines else "people"


def unsealed_key(entry_id: str) -> Key:
    """Key of the marker of an unsealed entry."""
    return Key(unsealed_hash(crc32(entry_id.encode()) % UNSEALED_SHARDS), entry_id)


def unsealed_hash(shard: int) -> str:
    """Partition key of one shard of the unsealed markers."""
    return f"unsealed#{shard}"


def seal_key(number: int) -> Key:
    """Key of a seal. number: to 999,999,999,999."""
    return Key(SEALS, f"{number:012d}")
