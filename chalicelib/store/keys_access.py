"""Keys of the tables `access` and `audit`, and what is found by them.

| what is asked | table or index | pk / first | sk / first_key |
| --- | --- | --- | --- |
| a token by its id, which derives from its text | access | token#<id> | token |
| the tokens of an owner, newest first | by_first | owner#<kind>:<name> | <created>#<id> |
| a user; the user of a mail | access | user#<name>; mail#<mail> | user; mail |
| all users by name | by_first | users | <name> |
| a group; all groups by name | access; by_first | group#<name>; groups | group; <name> |
| a service account; those of a project | access | service-accounts#<project> | <name> |
| a ticket for a log, by the hash of its text | access | ticket#<hash> | ticket |
| a viewer by its connection | access | viewer#<connection> | viewer |
| the viewers of a run's log | access | viewers#<run> | <connection> |
| how many wrong secrets a name had in a window | access | guesses#<hash of the name> | window#<number> |
| a keyed ask | access | idempotency#<key> | idempotency |
| an entry of the audit log by the id of its effect | audit | entry#<id> | entry |
| the entries of a project, newest first | by_first | project#<project> | <at>#<id> |
| entries that no seal has taken in | audit | unsealed#<shard, 0 to 3> | <id> |
| seals in order | audit | seal | <number, 12 digits> |
| the head of the chain | audit | head | head |

An entry and its mark of being unsealed are written at once; so writers meet at no item but their own.
"""

from hashlib import sha256
from zlib import crc32

from chalicelib.store.expressions import Key

ACCESS = "access"
AUDIT = "audit"
BY_FIRST = "by_first"
USERS = "users"
GROUPS = "groups"
SEALS = "seal"
HEAD_KEY = Key("head", "head")
UNSEALED_SHARDS = 4


def token_key(token_id: str) -> Key:
    """Of a token."""
    return Key(f"token#{token_id}", "token")


def user_key(name: str) -> Key:
    """Of a user."""
    return Key(f"user#{name}", "user")


def mail_key(mail: str) -> Key:
    """Of the claim that a user has on a mail address."""
    return Key(f"mail#{mail}", "mail")


def group_key(name: str) -> Key:
    """Of a group."""
    return Key(f"group#{name}", "group")


def service_account_key(project: str, name: str) -> Key:
    """Of a service account, beside the others of its project."""
    return Key(f"service-accounts#{project}", name)


def guesses_key(name: str, window: int) -> Key:
    """Of the count of wrong secrets for a name, whoever has it and however long and cased it is."""
    return Key(f"guesses#{sha256(name.lower().encode('utf-8', 'surrogatepass')).hexdigest()}", f"window#{window}")


def idempotency_key(key: str) -> Key:
    """Of a keyed ask."""
    return Key(f"idempotency#{key}", "idempotency")


def ticket_key(hashed: str) -> Key:
    """Of a ticket for a log."""
    return Key(f"ticket#{hashed}", "ticket")


def viewer_key(connection: str) -> Key:
    """Of what says which run a connection watches."""
    return Key(f"viewer#{connection}", "viewer")


def viewer_of_run_key(run: str, connection: str) -> Key:
    """Of a viewer, beside the others of its run."""
    return Key(f"viewers#{run}", connection)


def owner_hash(owner: str) -> str:
    """Under which the tokens of an owner are found."""
    return f"owner#{owner}"


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
