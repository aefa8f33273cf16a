"""Keys and access patterns of the table `projects`. Parts that may contain `#` are escaped.

| query | index | pk / hash | sk / range |
| --- | --- | --- | --- |
| a project | | project#<project> | project |
| all projects, by name | by_first | projects | <project> |
| its environments; one | | project#<project> | environment#<environment> |
| its repositories; one | | project#<project> | repository#<repository> |
| its definitions of a kind; of an environment; one | | project#<project> | definition#<kind>#<environment>#<name> |
| definitions that have a handle | | handle#<handle> | <kind>#<project>#<environment>#<name> |
| the matrix: cells of all its deployments, behind a marker | | project#<project> | cell, cell#<environment>#<name> |
| the deployments of an environment; one | | state#<project>#<environment> | deployment#<name> |
| history of a deployment | | history#<project>#<environment>#<name> | <ms, 15 digits>#<version, 9 digits> |
| a large state of a deployment, in parts | | parts#<project>#<environment>#<name> | <digest>#<part, 4 digits> |
| marker: a job's change was saved | | change#<job id> | change |

A project or environment to delete is marked with the attribute `leaving` first: then nothing is created in it.
"""

from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.kernel.projects.deployment import Deployment
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.key_parts import joined

PROJECTS = "projects"
ALL_PROJECTS = "projects"
PROJECT_SK = "project"
ENVIRONMENT_PREFIX = "environment#"
REPOSITORY_PREFIX = "repository#"
DEFINITION_PREFIX = "definition#"
DEPLOYMENT_PREFIX = "deployment#"
CELLS = "cell"


def project_key(project: str) -> Key:
    """Key of a project."""
    return Key(_partition(project), PROJECT_SK)


def environment_key(project: str, environment: str) -> Key:
    """Key of an environment."""
    return Key(_partition(project), f"{ENVIRONMENT_PREFIX}{environment}")


def repository_key(project: str, repository: str) -> Key:
    """Key of a repository."""
    return Key(_partition(project), f"{REPOSITORY_PREFIX}{repository}")


def definition_key(ref: DefinitionRef) -> Key:
    """Key of a definition."""
    return Key(_partition(ref.project), f"{DEFINITION_PREFIX}{joined(ref.kind, ref.environment, ref.name)}")


def definitions_prefix(kind: DefinitionKind, environment: str = "") -> str:
    """Prefix of the sort keys of a project's definitions of a kind. environment: empty for all."""
    return f"{DEFINITION_PREFIX}{joined(kind, environment) if environment else kind.value}#"


def handle_key(handle: str, ref: DefinitionRef) -> Key:
    """Key of a lookup handle of a definition."""
    return Key(handle_partition(handle), joined(ref.kind, ref.project, ref.environment, ref.name))


def handle_partition(handle: str) -> str:
    """Partition key of the definitions that have a handle."""
    return joined("handle", handle)


def deployment_key(project: str, environment: str, name: str) -> Key:
    """Key of a root deployment's current state."""
    return Key(deployments_partition(project, environment), f"{DEPLOYMENT_PREFIX}{name}")


def cells_key(project: str) -> Key:
    """Key of the marker that all deployments of a project have cells; it stands before them."""
    return Key(_partition(project), CELLS)


def cell_key(project: str, environment: str, name: str) -> Key:
    """Key of the cell of a deployment."""
    return Key(_partition(project), f"{CELLS}#{joined(environment, name)}")


def deployments_partition(project: str, environment: str) -> str:
    """Partition key of the deployments of an environment."""
    return joined("state", project, environment)


def history_partition(deployment: Deployment) -> str:
    """Partition key of the history of a deployment."""
    return joined("history", deployment.project, deployment.environment, deployment.name)


def parts_partition(deployment: Deployment) -> str:
    """Partition key of the large states of a deployment, now and in its history."""
    return joined("parts", deployment.project, deployment.environment, deployment.name)


def change_key(change_id: str) -> Key:
    """Key of the marker that a change was saved."""
    return Key(joined("change", change_id), "change")


def _partition(project: str) -> str:
    return joined("project", project)
