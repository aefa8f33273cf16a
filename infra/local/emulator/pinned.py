"""The private names of ministack that we lean on, and therefore the one version that has them; more: pinned_query."""

import importlib.metadata
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import lru_cache
from types import ModuleType
from typing import Any

VERSION = "1.5.33"
KNOWN = 1000
"""Expressions that are kept parsed."""


def load() -> ModuleType:
    """Return ministack's application module. Faults: RuntimeError for another version than the pinned one."""
    found = importlib.metadata.version("ministack")
    if found != VERSION:
        raise RuntimeError(f"the local cloud knows the inside of ministack {VERSION}, not of {found}: see pinned.py")
    import ministack.app

    return ministack.app  # type: ignore[no-any-return]  # ministack has no types


def dynamodb() -> ModuleType:
    """Return ministack's module for DynamoDB."""
    import ministack.services.dynamodb

    return ministack.services.dynamodb  # type: ignore[no-any-return]  # ministack has no types


def parse_once(dynamodb: ModuleType) -> None:
    """From now on, this ministack parses an expression once: the same few come with every call, and for each item."""
    tokens, fault = lru_cache(KNOWN)(dynamodb._tokenize), lru_cache(KNOWN)(dynamodb._condition_syntax_error)
    vars(dynamodb).update(_tokenize=lambda text: [*tokens(text)], _condition_syntax_error=fault)


def queues() -> ModuleType:
    """Return ministack's module for SQS."""
    import ministack.services.sqs

    return ministack.services.sqs  # type: ignore[no-any-return]  # ministack has no types


def receive_in_turn(sqs: ModuleType) -> None:
    """From now on, queues without order of this ministack are fair, as those of AWS: the group with the fewest messages
    in flight comes first, and within a group the oldest.
    """
    collect = sqs._collect_msgs

    def in_turn(queue: dict[str, Any], most: int, seconds: int) -> list[dict[str, Any]]:
        if queue["is_fifo"]:
            return collect(queue, most, seconds)  # type: ignore[no-any-return]  # ministack has no types
        now, messages = time.time(), queue["messages"]
        flying = Counter(one.get("group_id") for one in messages if one["visible_at"] > now and one["receive_count"])
        flying.pop(None, None)
        turns = sorted(messages, key=lambda one: flying[one.get("group_id")])
        return collect({**queue, "messages": turns}, most, seconds)  # type: ignore[no-any-return]

    vars(sqs)["_collect_msgs"] = in_turn


def forbid_own_save(ministack: ModuleType) -> None:
    """Ensures that ministack does not write its state when it stops: that is on disk, as a journal."""
    vars(ministack)["PERSIST_STATE"] = False


class _OwnExpiryEnded:
    """ministack's lock, which ends the thread that removes what has expired when it wants it."""

    def __init__(self, lock: AbstractContextManager[object]) -> None:
        self._lock = lock

    def __enter__(self) -> None:
        if threading.current_thread().name == "dynamodb-ttl-reaper":
            raise SystemExit
        self._lock.__enter__()

    def __exit__(self, *error: object) -> None:
        self._lock.__exit__(None, None, None)


def forbid_own_expiry(dynamodb: ModuleType) -> None:
    """Ensures that ministack's thread ends that looks at every item each minute."""
    vars(dynamodb)["_lock"] = _OwnExpiryEnded(dynamodb._lock)


def empty_queues(sqs: ModuleType) -> None:
    """Ensures that there is no queue."""
    sqs._queues.clear()
    sqs._queue_name_to_url.clear()


def objects() -> ModuleType:
    """Return ministack's module for S3."""
    import ministack.services.s3

    return ministack.services.s3  # type: ignore[no-any-return]  # ministack has no types


def follow_files(s3: ModuleType, note: Callable[[str], None]) -> None:
    """From now on, note the path of each file of an object that is written or removed."""
    write, remove = s3._atomic_write, s3._remove_key_files

    def written(path: str, content: bytes, *, text: bool = False) -> None:
        write(path, content, text=text)
        note(path)

    def removed(path: str | None) -> None:
        remove(path)
        if path:
            note(path)

    vars(s3).update(_atomic_write=written, _remove_key_files=removed)
