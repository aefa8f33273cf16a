"""The private names of ministack that we lean on, and therefore the one version that has them; more: pinned_query."""

import copy
import importlib.metadata
import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from types import ModuleType
from typing import Any

VERSION = "1.5.33"
QUEUES = "sqs"
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


def restore_without(ministack: ModuleType, services: Collection[str]) -> Callable[[], None]:
    """Ensures that these services start empty; the answer ends it, once the state is loaded."""
    complete = ministack._state_map
    vars(ministack)["_state_map"] = {name: module for name, module in complete.items() if name not in services}

    def end() -> None:
        vars(ministack)["_state_map"] = complete

    return end


def forbid_own_save(ministack: ModuleType) -> None:
    """Ensures that ministack does not write its files in place when it stops: snapshots are ours."""
    vars(ministack)["PERSIST_STATE"] = False


def state_files(ministack: ModuleType, without: Collection[str]) -> Iterator[tuple[str, str]]:
    """Name and text of each service's state file, as ministack's own loader reads them."""
    from ministack.core import persistence

    for service, get_state in ministack._build_persistence_save_dict().items():
        state = None if service in without else get_state()
        if state is not None:
            wrapped = {"__ministack_format__": persistence._state_format_version(service), "payload": state}
            yield f"{service}.json", json.dumps(wrapped, default=persistence._json_default)


def share_instead_of_copying() -> None:
    """Keep services from copying their state for a snapshot. In a forked child alone, which sees no later writes."""

    vars(copy)["deepcopy"] = _itself


def _itself(value: object, _memo: object = None) -> object:
    return value
