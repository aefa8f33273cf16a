"""The version that the next release should have, as Escape's inventory answers it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.releases.release import Release
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.next_version import NextVersion, next_version
from slipway_formats import version
from slipway_formats.release import Metadata
from tests.builders import NOON, an_entry
from tests.fakes.inventory import FakeInventory, as_ports
from tests.use_cases.house import House

# As they stood in Escape's own inventory when it was asked.
SEEN = ("3.0", "0.0.5", "2.0.5.7", "1.0.0", "1.0", "0.1.0", "0.0.10", "0.0.9", "01.02", "86", "85", "78", "77", "0.0.0")
READER = Principal(name="bob", roles=frozenset({role_in("web", Level.READ)}))
STRANGER = Principal(name="sam")

VERSIONS = st.lists(st.from_regex(r"(0|1|2|01|10)(\.(0|1|02|9|10)){0,2}", fullmatch=True), unique=True, max_size=8)
PREFIXES = st.from_regex(r"((0|1|2|01|10)\.){0,2}", fullmatch=True) | st.sampled_from(["1", "x", "1.1"])


def ports_with(*versions: str) -> Ports:
    """Ports with an inventory that has these versions of demo/app."""
    inventory = FakeInventory()
    for each in versions:
        release = Release(namespace="demo", metadata=Metadata(name="app", version=each), by="ada", at=NOON)
        inventory.register(release, inventory.application_head("demo", "app"), "web", an_entry())
    return replace(House().ports, **as_ports(inventory))


def after(ports: Ports, prefix: str, by: Principal = READER) -> str:
    return next_version(ports, NextVersion(namespace="demo", application="app", prefix=prefix, by=by))


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", "87"),
        ("0.", "0.2"),
        ("0.0.", "0.0.11"),
        ("0.1.", "0.1.1"),
        ("1.", "1.1"),
        ("1.0.", "1.0.1"),
        ("2.", "2.1"),
        ("2.0.", "2.0.6"),
        ("9.", "9.0"),
        ("x", "x0"),
        ("1", "10"),
    ],
)
def test_it_is_one_more_than_the_highest_that_begins_so(prefix: str, expected: str) -> None:
    assert after(ports_with(*SEEN), prefix) == expected


@pytest.mark.parametrize("prefix", ["", "1.", "x"])
def test_where_nothing_is_it_begins_at_zero(prefix: str) -> None:
    assert after(ports_with(), prefix) == f"{prefix}0"


def test_who_may_not_read_sees_nothing() -> None:
    assert after(ports_with("1.5"), "1.", STRANGER) == "1.0"


@given(versions=VERSIONS, prefix=PREFIXES)
def test_looking_at_one_version_finds_what_looking_at_all_does(versions: list[str], prefix: str) -> None:
    assert after(ports_with(*versions), prefix) == version.next_version(prefix, versions)
