"""Objects of a cluster, as they are now: listed once, then watched; a watch that breaks is taken up where it was."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from slipway.runner.executors.kubernetes.cluster import Cluster, ClusterError, Stream
from slipway.runner.executors.kubernetes.objects.json_object import Json, Kind, name_of, uid_of

_SECONDS = 240
"""After which the server ends a watch by itself: then it is taken up again."""

_QUIET = 300.0
_PAUSES = (0.1, 5.0)
_GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which objects. labels: a selector. fields: likewise, of fields."""

    kind: Kind
    namespace: str
    labels: str = ""
    fields: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """Return it as the API server reads it."""
        told = {"labelSelector": self.labels, "fieldSelector": self.fields}
        return {name: text for name, text in told.items() if text}


@dataclass(slots=True)
class _Known:
    """What is known of the objects. version: up to which; blank before they were listed."""

    objects: dict[str, Json] = field(default_factory=dict)
    version: str = ""


class Watched:
    """The objects of a query, by a thread of its own. changed: is called whenever they are others."""

    def __init__(self, cluster: Cluster, query: Query, changed: Callable[[], None]) -> None:
        self._cluster, self._query, self._changed = cluster, query, changed
        self._known = _Known()
        self._lock = threading.Lock()
        self._stream: Stream | None = None
        self._closed = threading.Event()
        self._listed = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"watch-{query.kind.plural}", daemon=True)
        self._thread.start()

    @property
    def is_listed(self) -> bool:
        """Whether they have been listed: before that nothing is known of them."""
        return self._listed.is_set()

    @property
    def objects(self) -> list[Json]:
        """Return them, by name."""
        with self._lock:
            return sorted(self._known.objects.values(), key=name_of)

    def close(self) -> None:
        """Watch them no more."""
        self._closed.set()
        with self._lock:
            stream = self._stream
        if stream is not None:
            stream.close()
        self._thread.join(_PAUSES[1])

    def _run(self) -> None:
        pause = _PAUSES[0]
        while not self._closed.is_set():
            try:
                if not self._known.version:
                    self._list()
                self._follow()
                pause = _PAUSES[0]
            except ClusterError as error:
                if error.status == _GONE:
                    self._known.version = ""
                self._closed.wait(pause)
                pause = min(pause * 2, _PAUSES[1])

    def _list(self) -> None:
        found, version = self._cluster.listed(self._query.kind, self._query.namespace, **self._query.parameters)
        with self._lock:
            self._known.objects = {uid_of(one): one for one in found}
        self._known.version = version
        self._listed.set()
        self._changed()

    def _follow(self) -> None:
        """Note what changes until the watch ends. Faults: ClusterError, also where it has ended badly."""
        watch = {"watch": "true", "allowWatchBookmarks": "true", "timeoutSeconds": str(_SECONDS)}
        query = {**self._query.parameters, **watch, "resourceVersion": self._known.version}
        stream = self._cluster.stream(self._query.kind.path(self._query.namespace), query, _QUIET)
        with self._lock:
            self._stream = stream
        if self._closed.is_set():
            stream.close()
        for line in stream:
            self._note(_event(line))

    def _note(self, event: Mapping[str, Json]) -> None:
        kind, found = str(event.get("type", "")), event.get("object") or {}
        if kind == "ERROR":
            raise ClusterError(int(found.get("code") or 0), str(found.get("message", "")))
        if kind != "BOOKMARK":
            whole = {**found, "apiVersion": self._query.kind.api, "kind": self._query.kind.name}
            with self._lock:
                if kind == "DELETED":
                    self._known.objects.pop(uid_of(found), None)
                else:
                    self._known.objects[uid_of(found)] = whole
        self._known.version = str(found["metadata"]["resourceVersion"])
        if kind != "BOOKMARK":
            self._changed()


def _event(line: str) -> Mapping[str, Json]:
    """Return what a line of a watch says. Faults: ClusterError if it was cut."""
    try:
        said = json.loads(line)
    except ValueError as error:
        raise ClusterError(0, "the watch was cut") from error
    return said if isinstance(said, dict) else {}
