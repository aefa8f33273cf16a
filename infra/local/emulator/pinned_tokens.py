"""The tokens of the pinned ministack's transactions: one that was asked for again, also after a kill, counts once."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from types import ModuleType
from typing import Any

from infra.local.emulator.journal.file import Change

Note = Callable[[Change], None]
Token = tuple[str, str, str]
"""Account, region, and what the client said."""

SIGNATURE, COMPLETED = "signature", "completed_at"


class Signature:
    """What a token stands for, by its digest: whole transactions would be written twice, and kept for ten minutes."""

    def __init__(self, digest: str) -> None:
        self.digest = digest

    def __eq__(self, other: object) -> bool:
        return (other.digest if isinstance(other, Signature) else digest_of(other)) == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def digest_of(transaction: object) -> str:
    """Return the digest of a transaction as it was sent."""
    return sha256(json.dumps(transaction, sort_keys=True).encode()).hexdigest()


@dataclass(slots=True, kw_only=True)
class Tokens:
    """The tokens of a ministack. dynamodb: its module."""

    dynamodb: ModuleType

    def follow(self, note: Note) -> None:
        """From now on, note every token, with what its transaction changed."""
        store = self.dynamodb._txn_token_store

        def stored(token: str, entry: dict[str, Any]) -> None:
            entry[SIGNATURE] = Signature(digest_of(entry[SIGNATURE]))
            store(token, entry)
            known = self.dynamodb._txn_idempotency
            note(_as_change(known._scoped(token), entry))

        vars(self.dynamodb)["_txn_token_store"] = stored

    def whole(self) -> Iterator[Sequence[Change]]:
        """Yield all that still count, by the batch."""
        oldest = time.time() - self.dynamodb._TXN_TOKEN_TTL
        known = self.dynamodb._txn_idempotency._data
        yield tuple(_as_change(token, entry) for token, entry in known.items() if entry[COMPLETED] > oldest)

    def apply(self, change: Change) -> bool:
        """Take over a token; return False if it is none."""
        if change.head[0] != "token":
            return False
        _, *token = change.head
        entry = json.loads(change.body)
        if entry[COMPLETED] > time.time() - self.dynamodb._TXN_TOKEN_TTL:
            self.dynamodb._txn_idempotency._data[tuple(token)] = {**entry, SIGNATURE: Signature(entry[SIGNATURE])}
        return True


def _as_change(token: Token, entry: Mapping[str, Any]) -> Change:
    return Change(("token", *token), json.dumps({**entry, SIGNATURE: entry[SIGNATURE].digest}).encode())
