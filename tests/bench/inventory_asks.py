"""What is asked of an inventory in which there is much: each operation once, and whether the answer is true."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tests.bench.door import Door
from tests.bench.inventory_fill import A_UNIT, unit_name

PAGE = 20
ROOT = "/api/v1/inventory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A namespace of so many releases. unit: the application that is asked about, which has so many of them."""

    namespace: str
    unit: str
    releases: int

    @property
    def path(self) -> str:
        """Of the application."""
        return f"{ROOT}/{self.namespace}/units/{self.unit}"

    @property
    def middle(self) -> int:
        """The last number of a version from the middle."""
        return self.releases - self.releases // 2


def place_of_unit(size: int) -> Place:
    """One application of so many releases."""
    return Place(namespace=f"unit-{size}", unit="app", releases=size)


def place_of_namespace(size: int) -> Place:
    """One of many applications, from the middle."""
    return Place(namespace=f"many-{size}", unit=unit_name(size // A_UNIT // 2), releases=A_UNIT)


Act = Callable[[Door, Place, int], bool]


def register(door: Door, place: Place, turn: int) -> bool:
    """One more release: of the application that has many, or of a new one."""
    is_one = place.releases > A_UNIT
    name, version = (place.unit, f"1.{place.releases + turn}") if is_one else (f"new-{turn}", "1.0")
    metadata = {
        "name": name,
        "version": version,
        "project": place.namespace,
        "description": "an application that is measured",
        "files": {f"files/script-{number}.sh": "0" * 32 for number in range(8)},
        "metadata": {"team": "web"},
        "inputs": [{"id": f"input_{one}", "type": "string", "default": "x"} for one in "abc"],
    }
    return door.ask("POST", f"{ROOT}/{place.namespace}/register", metadata) is None


def get(door: Door, place: Place, _: int) -> bool:
    """A release by its version."""
    wanted = f"1.{place.middle}"
    return bool(door.ask("GET", f"{place.path}/versions/v{wanted}/")["version"] == wanted)


def latest(door: Door, place: Place, _: int) -> bool:
    """The highest release."""
    found = str(door.ask("GET", f"{place.path}/versions/latest/")["version"])
    return int(found.removeprefix("1.")) >= place.releases - 1


def of_prefix(door: Door, place: Place, _: int) -> bool:
    """The highest release of a prefix."""
    found = str(door.ask("GET", f"{place.path}/versions/v1.@/")["version"])
    return int(found.removeprefix("1.")) >= place.releases - 1


def next_version(door: Door, place: Place, _: int) -> bool:
    """The version after the highest."""
    return int(door.text(f"{place.path}/next-version?prefix=1.").removeprefix("1.")) >= place.releases


def next_of_prefix(door: Door, place: Place, _: int) -> bool:
    """The version after the highest of a prefix that is not the highest's."""
    return door.text(f"{place.path}/next-version?prefix=0.") == "0.0"


def previous(door: Door, place: Place, _: int) -> bool:
    """The release before one."""
    found = door.ask("GET", f"{place.path}/versions/v1.{place.middle}/previous/")
    return bool(found["version"] == f"1.{place.middle - 1}")


def diff(door: Door, place: Place, _: int) -> bool:
    """What is different from the release before."""
    changed = door.ask("GET", f"{place.path}/versions/v1.{place.middle}/diff/")
    return {"Version", "Inputs", "Revision"} <= set(changed)


def page(door: Door, place: Place, _: int) -> bool:
    """A page of versions, from the middle."""
    found = door.ask("GET", f"{place.path}/versions/?page_size={PAGE}&page_from=1.{place.middle}")
    return bool(found == [f"1.{place.middle - 1 - number}" for number in range(min(PAGE, place.middle))])


OPERATIONS: Mapping[str, Act] = MappingProxyType(
    {
        "register": register,
        "get": get,
        "latest": latest,
        "highest of a prefix": of_prefix,
        "next-version": next_version,
        "next-version of another prefix": next_of_prefix,
        "previous": previous,
        "diff": diff,
        "a page of versions": page,
    }
)
