"""Keys and access patterns of the table `access`.

| query | table or index | pk / first | sk / first_key |
| --- | --- | --- | --- |
| a token by its id, which derives from its text | access | token#<id> | token |
| the tokens of an owner, newest first | by_first | owner#<kind>:<name> | <created>#<id> |
| tokens that somebody minted for others, newest first | by_second | minted#<kind>:<name> | <created>#<id> |
| a user by name; by mail address | access | user#<name>; mail#<mail> | user; mail |
| all users by name | by_first | users | <name> |
| a group; all groups by name | access; by_first | group#<name>; groups | group; <name> |
| a service account; those of a project | access | service-accounts#<project> | <name> |
| a log ticket, by the hash of its text | access | ticket#<hash> | ticket |
| a log viewer by its connection | access | viewer#<connection> | viewer |
| the viewers of a run's log | access | viewers#<run> | <connection> |
| count of wrong secrets for a name in a time window | access | guesses#<hash of the name> | window#<number> |
| the record of an idempotency key | access | idempotency#<key> | idempotency |
"""

from hashlib import sha256

from chalicelib.store.dynamo.expressions import Key

ACCESS = "access"
USERS = "users"
GROUPS = "groups"


def token_key(token_id: str) -> Key:
    """Key of a token."""
    return Key(f"token#{token_id}", "token")


def user_key(name: str) -> Key:
    """Key of a user."""
    return Key(f"user#{name}", "user")


def mail_key(mail: str) -> Key:
    """Key of the item that reserves a mail address for one user."""
    return Key(f"mail#{mail}", "mail")


def group_key(name: str) -> Key:
    """Key of a group."""
    return Key(f"group#{name}", "group")


def service_account_key(project: str, name: str) -> Key:
    """Key of a service account; a project's share a partition."""
    return Key(f"service-accounts#{project}", name)


def guesses_key(name: str, window: int) -> Key:
    """Key of the count of wrong secrets for a name. The name is hashed in lower case, so any length fits."""
    return Key(f"guesses#{sha256(name.lower().encode('utf-8', 'surrogatepass')).hexdigest()}", f"window#{window}")


def idempotency_key(key: str) -> Key:
    """Key of the record of an idempotency key."""
    return Key(f"idempotency#{key}", "idempotency")


def ticket_key(hashed: str) -> Key:
    """Key of a log ticket."""
    return Key(f"ticket#{hashed}", "ticket")


def viewer_key(connection: str) -> Key:
    """Key of the item that says which run a connection watches."""
    return Key(f"viewer#{connection}", "viewer")


def viewer_of_run_key(run: str, connection: str) -> Key:
    """Key of a viewer; the viewers of a run share a partition."""
    return Key(f"viewers#{run}", connection)


def minter_hash(minter: str) -> str:
    """Under which the tokens are found that somebody minted for others."""
    return f"minted#{minter}"


def owner_hash(owner: str) -> str:
    """Partition key in `by_first` of the tokens of an owner."""
    return f"owner#{owner}"
