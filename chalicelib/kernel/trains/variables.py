"""Variables: rules for their names, their scopes, and which value counts where several scopes give one."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum

from chalicelib.kernel.names import LONGEST_VALUE, LONGEST_VALUES
from chalicelib.kernel.trains.numbering import folded
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

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


@frozen
class Scope:
    """A scope of variables. place: the record of that kind; empty for the whole installation."""

    kind: ScopeKind
    place: str = ""


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


def variable_defects(given: Mapping[str, str], path: str = "variables") -> tuple[Defect, ...]:
    """Return the defects of variables: bad names, names that differ by case alone, values that no program can take."""
    if len(given) > MOST:
        return (Defect(path, f"are over {MOST}"),)
    wrong = [defect for name in given for defect in name_defects(name, f"{path}.{name}")]
    times = Counter(map(folded, given))
    twice = [Defect(f"{path}.{name}", "is given twice") for name in given if times[folded(name)] > 1]
    sizes = {name: len(value.encode("utf-8", "replace")) for name, value in given.items()}
    long = [Defect(f"{path}.{name}", f"is over {LONGEST_VALUE} bytes") for name in sizes if sizes[name] > LONGEST_VALUE]
    if not long and sum(sizes.values()) > LONGEST_VALUES:
        long = [Defect(path, f"are over {LONGEST_VALUES} bytes together")]
    return (*wrong, *twice, *long)


def name_defects(name: str, path: str = "name") -> tuple[Defect, ...]:
    """Return the defects of the name of a variable. Source of the rule: BuildMaster."""
    if len(name) <= LONGEST_NAME and _NAME.fullmatch(name):
        return ()
    rule = f"at most {LONGEST_NAME} letters, digits, -, _ and blanks, first a letter, last a letter or digit"
    return (Defect(path, f"invalid variable name {name[:64]!r}: {rule}"),)


def resolved(sets: Iterable[VariableSet]) -> Resolved:
    """Return the variables in effect: for each name that of the nearest scope; within a scope, the first one given."""
    values, secrets, origins = dict[str, str](), dict[str, str](), dict[str, Scope]()
    taken = set[str]()
    for one in sorted(sets, key=lambda one: NEAREST_FIRST.index(one.scope.kind)):
        fresh = {name for name in (*one.values, *one.secrets) if folded(name) not in taken}
        taken |= {folded(name) for name in fresh}
        values |= {name: value for name, value in one.values.items() if name in fresh}
        secrets |= {name: value for name, value in one.secrets.items() if name in fresh}
        origins |= dict.fromkeys(fresh, one.scope)
    return Resolved(values=values, secrets=secrets, origins=origins)
