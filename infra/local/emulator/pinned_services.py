"""All else that the pinned ministack holds: of each service what has changed, found by comparing, for it seldom does.

Objects of S3 are files of their own, which ministack writes beside and renames into place before it answers.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any

from infra.local.emulator.journal.file import Change

Note = Callable[[Change], None]

WITH_CHANGES_OF_THEIR_OWN = frozenset({"dynamodb", "sqs"})


Parts = dict[tuple[str, str], bytes]
"""The state of a service, by store and key in it; a store's own part, or that of one without keys, has a blank key."""


@dataclass(slots=True, kw_only=True)
class Services:
    """The services of a ministack but for tables and queues. ministack: its application module."""

    ministack: ModuleType
    known: dict[str, Parts] = field(default_factory=dict)
    restored: dict[str, Parts] = field(default_factory=dict)

    def note_definitions(self, note: Note) -> None:
        """Note whatever has changed in a service: of many secrets the one."""
        for name, parts in self._states():
            known, self.known[name] = self.known.get(name, {}), parts
            for part in known.keys() | parts.keys():
                if known.get(part) != parts.get(part):
                    note(Change(("service", name, *part), parts.get(part, b"")))

    def whole(self) -> Iterator[Sequence[Change]]:
        """Yield all that is there, by the batch."""
        for name, parts in self._states():
            yield tuple(Change(("service", name, *part), content) for part, content in parts.items())

    def apply(self, change: Change) -> bool:
        """Take over a part of a service, of which the last counts; return False if it is none of these."""
        if change.head[0] != "service":
            return False
        _, name, *part = change.head
        if not part:
            # A whole service at once, as it was written at first.
            self.restored[name] = _parts(_read(change.body))
        elif change.body:
            self.restored.setdefault(name, {})[part[0], part[1]] = change.body
        else:
            self.restored.get(name, {}).pop((part[0], part[1]), None)
        return True

    def settle(self) -> None:
        """Restore what `apply` has taken over."""
        for name, parts in self.restored.items():
            self.ministack._get_module(self.ministack._state_map[name]).load_persisted_state(_joined(parts))
        self.known = dict(self._states())

    def _states(self) -> Iterator[tuple[str, Parts]]:
        for name, get_state in self.ministack._build_persistence_save_dict().items():
            state = _without_copying(get_state) if name not in WITH_CHANGES_OF_THEIR_OWN else None
            # One that could not be loaded has none.
            if state is not None:
                yield name, _parts(state)


def _parts(state: Mapping[str, Any]) -> Parts:
    from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict

    parts: Parts = {}
    for name, held in state.items():
        is_scoped = isinstance(held, AccountRegionScopedDict | AccountScopedDict)
        parts[name, ""] = _written(type(held)() if is_scoped else held)
        for key, value in held._data.items() if is_scoped else ():
            one = type(held)()
            one._data[key] = value
            parts[name, repr(key)] = _written(one)
    return parts


def _joined(parts: Parts) -> dict[str, Any]:
    state: dict[str, Any] = {}
    for (name, key), content in sorted(parts.items()):
        if key:
            state[name]._data.update(_read(content)._data)
        else:
            state[name] = _read(content)
    return state


def _written(value: Any) -> bytes:  # noqa: ANN401 - whatever a service holds
    from ministack.core import persistence

    return json.dumps(value, default=persistence._json_default).encode()


def _read(content: bytes) -> Any:  # noqa: ANN401 - whatever a service holds
    from ministack.core import persistence

    return json.loads(content, object_hook=persistence._json_object_hook)


def _without_copying(get_state: Callable[[], Any]) -> Any:  # noqa: ANN401 - a service's state
    """The state itself, where the service would answer a copy of it: it is written at once, and no one else runs."""
    scope: dict[str, Any] = getattr(get_state, "__globals__", {})
    theirs: Mapping[str, Any] | None = scope.get("copy")
    if theirs is None:
        return get_state()
    scope["copy"] = SimpleNamespace(deepcopy=lambda value: value, copy=lambda value: value)
    try:
        return get_state()
    finally:
        scope["copy"] = theirs
