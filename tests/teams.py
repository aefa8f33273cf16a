"""Teams for gates that name one: who saves such a pipeline needs them to be there."""

from dataclasses import replace

from chalicelib.use_cases.ports.access import Group, User
from chalicelib.use_cases.ports.bundle import Ports
from tests.builders import NOON, an_entry, later

A_YEAR = 365 * 86_400.0
"""Seconds: whoever joins a team so late is in the one that is there."""


def add_team(ports: Ports, name: str, *, members: int = 2) -> None:
    """Add so many users to a team, which is made if it is not there. They are called after it."""
    if ports.access.find_group(name) is None:
        ports.access.save_group(Group(name=name, created_at=NOON), an_entry(f"group-{name}"))
    for number in range(members):
        user = User(name=f"{name}-{number}", groups=(name,), joined={name: later(A_YEAR)}, created_at=NOON)
        ports.access.create_user(user, an_entry(f"user-{user.name}"))


def add_person(ports: Ports, name: str) -> None:
    """Add a user who is in no team."""
    ports.access.create_user(User(name=name, created_at=NOON), an_entry(f"user-{name}"))


def give_role(ports: Ports, name: str, role: str) -> None:
    """Give a user a role, be its project there or not: people may have had it before their project went."""
    user = ports.access.find_user(name)
    assert user is not None
    ports.access.save_user(replace(user, roles=(*user.roles, role)), user, an_entry(f"role-{user.name}-{role}"))
