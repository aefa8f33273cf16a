"""Variables: rules for their names, their scopes, and which value counts where several scopes give one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from enum import StrEnum

from chalicelib.kernel.plans.check import MAX_BYTES
from chalicelib.kernel.trains.numbering import folded
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen
from slipway_formats.variable_values import value_defects

LONGEST_NAME = 50
MOST = 1000
"""Variables of one scope."""

_NAME = re.compile(r"[a-zA-Z]([a-zA-Z0-9 _-]*[a-zA-Z0-9])?")


class ScopeKind(StrEnum):
    """The scopes of variables, nearest first. Source of the order: BuildMaster."""

    RUNTIME = "runtime"
    DEPLOYMENT = "deployment"
    SNAPSHOT = "snapshot"
    TRAIN = "train"
    STAGE = "stage"
    PIPELINE = "pipeline"
    APPLICATION = "application"
    APPLICATION_GROUP = "application-group"
    SERVER = "server"
    ROLE = "role"
    ENVIRONMENT = "environment"
    GLOBAL = "global"


NEAREST_FIRST = tuple(ScopeKind)
BETWEEN = "+"
"""Between the parts of a joint scope in its address: no name has it, and names of secrets may."""


@frozen
class Scope:
    """A scope of variables. place: the record of that kind; empty for the whole installation.

    beside: of a joint scope the others, further ones last: its variables count where all of these scopes do.
    """

    kind: ScopeKind
    place: str = ""
    beside: tuple[Scope, ...] = ()

    def __str__(self) -> str:
        return " and ".join(f"{one.kind} {one.place}".strip() for one in parts_of(self))

    @property
    def address(self) -> str:
        """Return the scope in one word, as ids and audit entries name it."""
        return BETWEEN.join(f"{one.kind}/{one.place}" for one in parts_of(self))


@frozen
class VariableSet:
    """The variables of a scope. values: as they were given. secrets: references of those that were given as secrets."""

    scope: Scope
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    version: int = 0


@frozen
class Resolved:
    """The variables in effect. values, secrets: as in VariableSet. origins: which scope gave each."""

    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, Scope] = field(default_factory=dict)


def joint(scopes: Iterable[Scope]) -> Scope:
    """Return the scope of what is in all of these at once; the whole installation adds nothing to others."""
    whole = Scope(kind=ScopeKind.GLOBAL)
    nearest, *others = sorted(set(scopes) - {whole}, key=_nearness) or [whole]
    return replace(nearest, beside=tuple(others))


def parts_of(scope: Scope) -> tuple[Scope, ...]:
    """Return the scopes of which a joint one is made, nearest first; of another that one."""
    return (replace(scope, beside=()), *scope.beside)


def scope_at(address: str) -> Scope:
    """Return the scope of an address. Faults: ValueError for what is none."""
    found = (one.partition("/") for one in address.split(BETWEEN))
    return joint(Scope(kind=ScopeKind(kind), place=place) for kind, _, place in found)


def variable_defects(given: Mapping[str, str], path: str = "variables") -> tuple[Defect, ...]:
    """Return the defects of variables: bad names, names that differ by case alone, values that no run can hold."""
    if len(given) > MOST:
        return (Defect(path, f"are over {MOST}"),)
    wrong = [defect for name in given for defect in name_defects(name, f"{path}.{name}")]
    times = Counter(map(folded, given))
    twice = [Defect(f"{path}.{name}", "is given twice") for name in given if times[folded(name)] > 1]
    return (*wrong, *twice, *value_defects(given, path, MAX_BYTES))


def name_defects(name: str, path: str = "name") -> tuple[Defect, ...]:
    """Return the defects of the name of a variable. Source of the rule: BuildMaster."""
    if len(name) <= LONGEST_NAME and _NAME.fullmatch(name):
        return ()
    rule = f"at most {LONGEST_NAME} letters, digits, -, _ and blanks, first a letter, last a letter or digit"
    return (Defect(path, f"invalid variable name {name[:64]!r}: {rule}"),)


def resolved(sets: Iterable[VariableSet]) -> Resolved:
    """Return the variables in effect: for each name that of the nearest scope; within a scope, the first one given.

    A joint scope is nearer than its nearest part, and of two with the same nearest part the one with the nearer others.
    """
    values, secrets, origins = dict[str, str](), dict[str, str](), dict[str, Scope]()
    taken = set[str]()
    for one in sorted(sets, key=lambda one: _nearness(one.scope)):
        fresh = {name for name in (*one.values, *one.secrets) if folded(name) not in taken}
        taken |= {folded(name) for name in fresh}
        values |= {name: value for name, value in one.values.items() if name in fresh}
        secrets |= {name: value for name, value in one.secrets.items() if name in fresh}
        origins |= dict.fromkeys(fresh, one.scope)
    return Resolved(values=values, secrets=secrets, origins=origins)


def _nearness(scope: Scope) -> tuple[int, ...]:
    """Return a sort key of scopes: the smaller is the nearer."""
    kinds = (NEAREST_FIRST.index(one.kind) for one in parts_of(scope))
    return (*kinds, len(NEAREST_FIRST))
