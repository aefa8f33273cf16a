"""What is left of a story, line by line: every item, object and secret, without what may differ by clock or time.

Instants, ids and secrets by clock, versions and fences are told by a word each; a counter may have gaps. All else must
be the same with a fault and without.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from chalicelib.kernel.codec import EPOCH
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.feed.occurrence import Occurrence
from chalicelib.kernel.insights.deployed_week import DeployedWeek
from chalicelib.kernel.subscriptions.event_delivery import EventDelivery
from chalicelib.kernel.subscriptions.subscription import Subscriptions
from chalicelib.store.dynamo.items import Item, unwired
from chalicelib.store.dynamo.packing import unpacked, unpacked_json
from chalicelib.store.dynamo.schema import EXPIRY, TABLES, table_name
from chalicelib.store.feed.writer import Entry
from chalicelib.store.runs.keys import batch_key
from chalicelib.store.runs.lock_line import LockState
from chalicelib.use_cases.ports.bundle import Ports
from tests.crash.house import PREFIX, CrashHouse
from tests.crash.near import Near

Picture = list[str]

CHANCES = (
    (re.compile(r"\b0\d{25}\b"), "ID"),
    (re.compile(r"\bsecret-\d+"), "SECRET"),
    (re.compile(r"\bmsg_[0-9a-f]{32}\b"), "MESSAGE"),  # of an event: asking again may take the next number
    (re.compile(r"\b[0-9a-f]{24,64}\b"), "HASH"),
    (re.compile(r"\b\d{13,15}(#\d{9})?\b"), "INSTANT"),
    (re.compile(r"\b(0{5})?1\d{4}\b"), "NUMBER"),  # an integer id: asking again may take another block
    (re.compile(r'"id":"\d+\.\d+"'), "EVENT"),
    (re.compile(r'"time":"[^"]*"'), "TIME"),
    (re.compile(r'"number":\d+'), "RUN NUMBER"),
    (re.compile(r"\bunsealed#\d\b"), "unsealed"),  # which of them, the id says
    (re.compile(r"\b(pipeline|build|deployment-job) (\S+) run \d+"), r"\1 \2 run N"),
)
UNLIKE = frozenset(
    {"sequence", "expires_at", "first_key", "second_key", "password", "run_nr", "attempts", "wrong", "digest", "commit"}
)
"""Fields that differ by how often something was tried, or by clock. A password is kept with salt."""


def picture(house: CrashHouse) -> Picture:
    """All that there is now."""
    near = house.near
    objects = (f"object {key}" for key in near.objects())
    secrets = (f"kept secret {name}" for name in near.secrets())
    lines = [*_items(house.ports(), near), *objects, *secrets, *_calls(house)]
    return sorted(_without_chance(line) for line in lines)


def _items(ports: Ports, near: Near) -> Iterator[str]:
    for model in TABLES:
        name = table_name(model)
        for item in map(unwired, near.items(f"{PREFIX}{name}")):
            told = _told_in(ports, name, item)
            if told is not None:
                yield f"{name} {item['pk']} {item['sk']}: {told}"


def _told_in(ports: Ports, table: str, item: Item) -> object:
    """What the item says, but of folds, in which is what was tried again, too: refolding tells that they lead to the
    run; and of what stands for an archived run: the rest is in its object.
    """
    if item["sk"].startswith("folds#"):
        return None
    return item["archived"] if "archived" in item else _told(ports, table, item)


def _told(ports: Ports, table: str, item: Item) -> object:
    """What the item says; nothing when that may differ, or is said elsewhere."""
    kind, is_job = item["pk"].partition("#")[0], item["sk"].startswith("job#")
    match table, kind:
        case ("runs", "counter" | "ids" | "runners" | "calls") | ("audit", "seal" | "head" | "listed"):
            # How many there are differs by how often it was tried, and of runners when they were noted. Who died amid
            # a call to others still holds its slot.
            return None
        case "runs", "feed" | "subscriptions" | "deliveries" | "insights":
            return _of_feed(kind, item)
        case "access", "ticket" if "used_by" not in item:
            return None  # each asking makes one, and it runs out
        case "access", "idempotency" if item["pk"].startswith("idempotency#begin/"):
            return None  # whose turn it is to begin a run, which runs out
        case "inventory", "application" if item["sk"].startswith("upload#") and EXPIRY in item:
            return None  # each asking begins one, and it runs out
        case "projects", "parts":
            return item["part"].hex()  # of a whole that is compressed
        case "runs", "run" if item["sk"] == "run":
            return _run(unpacked(Run, item["state"]))
        case "runs", "run" if is_job:
            return _job(unpacked(Job, item["state"]))
        case "runs", "lock":
            lock = unpacked(LockState, item["state"])
            return lock.holder, lock.waiting
        case "runs", "plan" | "run":
            return "there"
        case "logs", _:
            return _log(ports, item)
        case _:
            return _plain({name: _opened(value) for name, value in item.items()})


def _of_feed(kind: str, item: Item) -> object:
    """What occurred, and who is called for it; without numbers, which differ by how often something was tried."""
    if kind == "feed":
        return _occurred(item)
    if kind == "subscriptions":
        return [replace(one, at=EPOCH, failing_since=None) for one in unpacked(Subscriptions, item["record"]).all]
    if kind == "insights":
        return _counted(item)
    delivery = unpacked(EventDelivery, item["record"])
    return delivery.type, delivery.status.value, delivery.due_at is None


def _counted(item: Item) -> object:
    """The attempts of a week, without the numbers of their events; nothing of how far the feed was counted."""
    if "record" not in item:
        return None
    return [replace(one, id="", at=EPOCH, lead=None) for one in unpacked(DeployedWeek, item["record"]).points]


def _occurred(item: Item) -> object:
    """What an entry of the feed tells; nothing of a number that was closed. A run's number may have gaps."""
    entry = unpacked(Entry, item["record"]) if "record" in item else Entry(at=EPOCH)
    told = [
        (one.type.value, one.subject, _plain({**one.facts, "number": 0}))
        for one in entry.occurrences
        if not _is_of_time(one)
    ]
    return told or None


def _is_of_time(one: Occurrence) -> bool:
    """Whether a gate waited for its time, or opened by it: that goes by when the run came to it."""
    is_open = one.facts.get("phase") == Phase.WAITING_TIME
    return one.type.value.startswith("gate.") and (is_open or not one.facts.get("by"))


def _opened(value: object) -> object:
    """What stands in a body or a record."""
    if isinstance(value, bytes):
        return unpacked_json(value)
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in sorted(value.items()) if not _is_unlike(name, one)}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _is_unlike(name: str, value: object) -> bool:
    return name in UNLIKE or (name == "version" and isinstance(value, int))


def _run(run: Run) -> object:
    return (
        run.phase.value,
        run.reason,
        run.retries,
        run.releases,
        tuple(_execution(one) for one in run.stages),
        tuple((act.kind.value, act.by, act.node) for act in run.acts),
        tuple(entry.effect for entry in run.pending_effects),
    )


def _execution(execution: StageExecution) -> object:
    nodes = {
        key: (state.phase.value, state.attempt, state.reason, state.reference, dict(state.outputs))
        for key, state in sorted(execution.nodes.items())
    }
    return execution.number, execution.stage, execution.attempt, execution.phase.value, nodes


def _job(job: Job) -> object:
    ending = None if job.ending is None else (job.ending.outcome.value, dict(job.ending.outputs))
    return job.phase.value, job.cancel, ending, job.acknowledged


def _log(ports: Ports, item: Item) -> object:
    if item.get("sealed"):
        return "sealed", item["head"]
    log = item["pk"].partition("#")[2]
    if item["sk"] != batch_key(log, 1).sk:
        return None
    return [(chunk.seq, chunk.stream, chunk.text) for chunk in ports.logs.read(log, 0)]


def _calls(house: CrashHouse) -> set[str]:
    """Whom the house called and what it said, each once however often: who is called knows it by its id."""
    mailed = {f"mailed {name} to {letter.to}: {letter.subject}" for name, letter in house.posted.sent.items()}
    return mailed | {
        f"called {url} {headers['idempotency-key']}: {body!r}" for url, headers, body in house.outside.posted
    }


@lru_cache(10_000)
def _without_chance(line: str) -> str:
    for pattern, word in CHANCES:
        line = pattern.sub(word, line)
    return line
