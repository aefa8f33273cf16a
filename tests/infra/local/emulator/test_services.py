"""Of a service of the stand-in what has changed is written, and all of it is read back."""

import json
from types import ModuleType, SimpleNamespace
from typing import Any, cast

from ministack.core import persistence
from ministack.core.responses import AccountRegionScopedDict

from infra.local.emulator.journal.file import Change
from infra.local.emulator.pinned_services import Services


class Vault:
    """A service with secrets by name, and a setting."""

    def __init__(self) -> None:
        self.secrets = AccountRegionScopedDict()
        self.setting = "one"

    def get_state(self) -> dict[str, Any]:
        return {"secrets": self.secrets, "setting": self.setting}

    def load_persisted_state(self, state: dict[str, Any]) -> None:
        self.secrets.update(state["secrets"])
        self.setting = state["setting"]


def services_of(vault: Vault) -> Services:
    made = SimpleNamespace(
        _build_persistence_save_dict=lambda: {"vault": vault.get_state},
        _state_map={"vault": "vault"},
        _get_module=lambda _: vault,
    )
    return Services(ministack=cast(ModuleType, made))


def noted(services: Services, into: list[Change]) -> list[str]:
    """What was written of the changes since, by their names."""
    before = len(into)
    services.note_definitions(into.append)
    return sorted(f"{change.head[2]} {change.head[3]}".strip() for change in into[before:])


def restored(changes: list[Change]) -> Vault:
    vault = Vault()
    services = services_of(vault)
    assert all(services.apply(change) for change in changes)
    services.settle()
    return vault


def held(vault: Vault) -> dict[str, Any]:
    return dict(vault.secrets.items())


def test_of_many_secrets_the_one_that_changed_is_written() -> None:
    vault, written = Vault(), list[Change]()
    services = services_of(vault)
    for number in range(9):
        vault.secrets[f"s{number}"] = {"value": number}
    noted(services, written)

    vault.secrets["s3"]["value"] = "new"
    del vault.secrets["s4"]
    names = noted(services, written)

    assert [name.split("'")[-2] for name in names] == ["s3", "s4"]
    assert noted(services, written) == []
    assert held(restored(written)) == {f"s{n}": {"value": "new" if n == 3 else n} for n in range(9) if n != 4}


def test_a_snapshot_is_read_back_whole() -> None:
    vault = Vault()
    vault.secrets["a"], vault.setting = {"value": 1}, "two"

    again = restored([change for batch in services_of(vault).whole() for change in batch])

    assert (held(again), again.setting) == ({"a": {"value": 1}}, "two")


def test_a_service_that_was_written_at_once_is_read_and_gone_on_with() -> None:
    vault = Vault()
    vault.secrets["a"] = vault.secrets["b"] = {"value": 1}
    whole = Change(("service", "vault"), json.dumps(vault.get_state(), default=persistence._json_default).encode())
    key = repr(("000000000000", "us-east-1", "a"))

    again = restored([whole, Change(("service", "vault", "secrets", key))])

    assert held(again) == {"b": {"value": 1}}


def test_other_changes_are_none_of_these() -> None:
    assert not services_of(Vault()).apply(Change(("item", "table", "pk", "sk")))
