"""Keys and access patterns of the entries of the installation, in the table `projects`. Ids have ten digits.

| query | index | pk / hash | sk / range |
| --- | --- | --- | --- |
| an entry of a kind by its id; all of them | | installation#<kind> | id#<id> |
| an entry by a handle; those whose handles begin alike | | installation#<kind> | handle#<handle> |
| all freezes | | freezes | all |

There are few of each kind, up to thousands of applications, and more versions of projects, which are written at the
pace of builds: one partition holds them.
"""

from chalicelib.kernel.codec import stored_name
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.key_parts import joined

PROJECTS = "projects"
ID_PREFIX = "id#"
HANDLE_PREFIX = "handle#"
FREEZES = Key("freezes", "all")


def kind_partition(kind: type) -> str:
    """Partition key of all entries of a kind."""
    return joined("installation", stored_name(kind))


def entry_key(kind: type, number: int) -> Key:
    """Key of an entry."""
    return Key(kind_partition(kind), f"{ID_PREFIX}{number:010d}")


def handle_key(kind: type, handle: str) -> Key:
    """Key of what says which entry has a handle."""
    return Key(kind_partition(kind), f"{HANDLE_PREFIX}{handle}")
