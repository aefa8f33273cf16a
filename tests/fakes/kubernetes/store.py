"""What a fake API server knows: objects with uids and versions, the events of all changes, finalizers, owners.

Who changes an object here is the server for its clients, or a controller; both wake whoever watches.
"""

import base64
import copy
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
FOREGROUND = "foregroundDeletion"
CLUSTER_WIDE = frozenset({"namespaces"})


class Refused(Exception):  # noqa: N818 - what is answered
    """An answer that is no success."""

    def __init__(self, code: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.code, self.reason, self.message = code, reason, message

    @property
    def status(self) -> Json:
        return {
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": self.message,
            "reason": self.reason, "code": self.code,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an object is. namespace: blank for one of the whole cluster."""

    plural: str
    namespace: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """An event of a watch."""

    version: int
    kind: str
    place: Place
    found: Json


@dataclass
class Store:
    """All objects. admits: refuse what may not be created, by Refused. forgotten: changes up to this version."""

    objects: dict[Place, Json] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    version: int = 1000
    forgotten: int = 0
    admits: list[Callable[[Place, Json], None]] = field(default_factory=list)
    lock: threading.Condition = field(default_factory=lambda: threading.Condition(threading.RLock()))

    def get(self, place: Place) -> Json:
        with self.lock:
            if place not in self.objects:
                raise Refused(404, "NotFound", f'{place.plural} "{place.name}" not found')
            return copy.deepcopy(self.objects[place])

    def find(self, place: Place) -> Json | None:
        with suppress(Refused):
            return self.get(place)
        return None

    def of(self, plural: str, namespace: str = "") -> list[Json]:
        with self.lock:
            found = [one for place, one in self.objects.items() if place.plural == plural]
            return copy.deepcopy([one for one in found if namespace in {"", one["metadata"].get("namespace", "")}])

    def create(self, plural: str, namespace: str, body: Json) -> Json:
        with self.lock:
            metadata = body["metadata"]
            place = Place(plural=plural, namespace=namespace, name=metadata["name"])
            self._require_namespace(place)
            if place in self.objects:
                raise Refused(409, "AlreadyExists", f'{plural} "{place.name}" already exists')
            for admit in self.admits:
                admit(place, body)
            now = datetime.now(UTC)
            made = copy.deepcopy(body)
            made["metadata"] |= {
                "uid": str(uuid.uuid4()), "creationTimestamp": f"{now:%Y-%m-%dT%H:%M:%SZ}", "generation": 1,
                **({"namespace": namespace} if namespace else {}),
            }  # fmt: skip
            if plural == "namespaces":
                made["status"] = {"phase": "Active"}
            if "stringData" in made:
                made["data"] = encoded(made.pop("stringData"))
            return self._note("ADDED", place, made)

    def update(self, place: Place, change: Callable[[Json], None], *, version: str = "") -> Json:
        """Change an object. version: which it must have. An object that is to go and has no finalizer left goes."""
        with self.lock:
            found = self.get(place)
            if version and version != found["metadata"]["resourceVersion"]:
                raise Refused(409, "Conflict", f"{place.plural} {place.name}: the object has been modified")
            before = copy.deepcopy(found)
            change(found)
            if found == before:
                return before
            if found.get("spec") != before.get("spec"):
                found["metadata"]["generation"] = int(before["metadata"].get("generation", 1)) + 1
            has_ended = found["metadata"].get("deletionTimestamp") and not found["metadata"].get("finalizers")
            if has_ended and place.plural != "pods":
                return self.drop(place)
            return self._note("MODIFIED", place, found)

    def delete(self, place: Place, *, uid: str = "", foreground: bool = False) -> Json:
        """Let an object go: now, or once its finalizers, its dependents or its processes are gone."""
        with self.lock:
            found = self.get(place)
            if uid and uid != found["metadata"]["uid"]:
                raise Refused(409, "Conflict", f"the UID in the precondition ({uid}) does not match")
            finalizers = list(found["metadata"].get("finalizers") or [])
            if foreground and self.dependents(found["metadata"]["uid"]) and FOREGROUND not in finalizers:
                finalizers.append(FOREGROUND)
            if place.plural == "namespaces" and any(other.namespace == place.name for other in self.objects):
                finalizers.append("kubernetes")
            if not finalizers and place.plural != "pods":
                return self.drop(place)
            return self.update(place, lambda one: _to_go(one, finalizers))

    def drop(self, place: Place) -> Json:
        with self.lock:
            found = self.get(place)
            gone = self._note("DELETED", place, found)
            del self.objects[place]
            return gone

    def dependents(self, uid: str) -> list[Place]:
        return [place for place, one in self.objects.items() if uid in owners(one)]

    def forget(self) -> None:
        """Forget all changes so far: who watches from an older version is told 410."""
        with self.lock:
            self.changes.clear()
            self.forgotten = self.version
            self.lock.notify_all()

    def since(self, version: int) -> list[Change]:
        """Return the changes after a version. Faults: Refused."""
        with self.lock:
            if version < self.forgotten:
                raise Refused(410, "Expired", f"too old resource version: {version} ({self.forgotten})")
            return [change for change in self.changes if change.version > version]

    def _require_namespace(self, place: Place) -> None:
        if place.plural in CLUSTER_WIDE:
            return
        around = self.objects.get(Place(plural="namespaces", namespace="", name=place.namespace))
        if around is None:
            raise Refused(404, "NotFound", f'namespaces "{place.namespace}" not found')
        if around["metadata"].get("deletionTimestamp"):
            raise Refused(403, "Forbidden", f"unable to create new content in namespace {place.namespace}: terminating")

    def _note(self, kind: str, place: Place, found: Json) -> Json:
        self.version += 1
        found["metadata"]["resourceVersion"] = str(self.version)
        self.objects[place] = found
        self.changes.append(Change(version=self.version, kind=kind, place=place, found=copy.deepcopy(found)))
        self.lock.notify_all()
        return copy.deepcopy(found)


def place_of(plural: str, found: Json) -> Place:
    return Place(plural=plural, namespace=found["metadata"].get("namespace", ""), name=found["metadata"]["name"])


def owners(found: Json) -> set[str]:
    return {one["uid"] for one in found["metadata"].get("ownerReferences") or ()}


def encoded(values: Json) -> Json:
    """The values of a Secret as they are kept."""
    return {name: base64.b64encode(text.encode()).decode() for name, text in values.items()}


def merged(whole: Any, part: Any) -> Any:  # noqa: ANN401 - JSON
    """A JSON merge patch, applied. Source: RFC 7386."""
    if not isinstance(part, dict):
        return part
    result = dict(whole) if isinstance(whole, dict) else {}
    for key, value in part.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def selected(objects: list[Json], labels: str, fields: str) -> Iterator[Json]:
    wanted = dict(pair.split("=", 1) for pair in labels.split(",") if pair)
    of_fields = dict(pair.split("=", 1) for pair in fields.split(",") if pair)
    for one in objects:
        held = one["metadata"].get("labels") or {}
        if all(held.get(key) == value for key, value in wanted.items()) and all(
            _field(one, path) == value for path, value in of_fields.items()
        ):
            yield one


def _field(found: Json, path: str) -> str:
    value: Any = found
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return str(value)


def _to_go(found: Json, finalizers: list[str]) -> None:
    found["metadata"].setdefault("deletionTimestamp", f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    if finalizers:
        found["metadata"]["finalizers"] = finalizers
