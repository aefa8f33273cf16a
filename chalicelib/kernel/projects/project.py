"""Projects, environments and repositories. Definitions: definitions/; deployments: deployment.py."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime

from chalicelib.kernel.faults import Invalid
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

MAX_ENVIRONMENTS = 200
"""Of one project: their order stands in the project's record."""


@frozen
class Project:
    """A project. environments: names, in display order. version: for optimistic locking.

    max_jobs: how many of its jobs may be leased at once; 0 for any number. title: what other systems call it; empty for
    its name.
    """

    name: str
    title: str = ""
    description: str = ""
    org_url: str = ""
    logo: str = ""
    groups: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    max_jobs: int = 0
    created_at: datetime
    version: int = 0


@frozen
class Environment:
    """A target of deployments. inputs: given to every deployment in it that declares them.

    secrets: references of inputs that were given as secrets, by their names. title: what other systems call it; empty
    for its name.
    """

    project: str
    name: str
    title: str = ""
    description: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    created_at: datetime
    version: int = 0


@frozen
class Repository:
    """A git repository. private_key, password: names of secrets; empty without."""

    project: str
    name: str
    url: str
    branch: str = ""
    username: str = ""
    private_key: str = ""
    password: str = ""
    version: int = 0


def reordered(project: Project, order: Sequence[str]) -> Project:
    """The project with its environments in a new order. Faults: Invalid, unless each is named exactly once."""
    known = set(project.environments)
    unknown = [
        Defect(f"order[{place}]", f"no environment {name} in project {project.name}")
        for place, name in enumerate(order)
        if name not in known
    ]
    twice = [
        Defect(f"order[{place}]", f"environment {name} stands more than once")
        for place, name in enumerate(order)
        if name in order[:place]
    ]
    missing = [
        Defect("order", f"environment {name} is missing") for name in project.environments if name not in set(order)
    ]
    if defects := (*unknown, *twice, *missing):
        raise Invalid(defects)
    return replace(project, environments=tuple(order))
