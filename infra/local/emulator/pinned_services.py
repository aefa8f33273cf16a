"""All else that the pinned ministack holds: of each service its whole state, which is small and seldom changes.

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


@dataclass(slots=True, kw_only=True)
class Services:
    """The services of a ministack but for tables and queues. ministack: its application module."""

    ministack: ModuleType
    known: dict[str, bytes] = field(default_factory=dict)
    restored: dict[str, bytes] = field(default_factory=dict)

    def note_definitions(self, note: Note) -> None:
        """Note the state of each service in which something has changed."""
        for name, state in self._states():
            if self.known.get(name) != state:
                self.known[name] = state
                note(Change(("service", name), state))

    def whole(self) -> Iterator[Sequence[Change]]:
        """Yield all that is there, by the batch."""
        yield tuple(Change(("service", name), state) for name, state in self._states())

    def apply(self, change: Change) -> bool:
        """Take over the state of a service, of which the last counts; return False if it is none of these."""
        if change.head[0] != "service":
            return False
        self.restored[str(change.head[1])] = change.body
        return True

    def settle(self) -> None:
        """Restore what `apply` has taken over."""
        from ministack.core import persistence

        for name, state in self.restored.items():
            module = self.ministack._get_module(self.ministack._state_map[name])
            module.load_persisted_state(json.loads(state, object_hook=persistence._json_object_hook))
        self.known = dict(self._states())

    def _states(self) -> Iterator[tuple[str, bytes]]:
        from ministack.core import persistence

        for name, get_state in self.ministack._build_persistence_save_dict().items():
            if name not in WITH_CHANGES_OF_THEIR_OWN:
                state = _without_copying(get_state)
                yield name, json.dumps(state, default=persistence._json_default).encode()


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
