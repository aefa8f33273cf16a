"""Keys of the table `access`, and what is found by them.

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
"""

from hashlib import sha256

from chalicelib.store.dynamo.expressions import Key

ACCESS = "access"
USERS = "users"
GROUPS = "groups"


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
