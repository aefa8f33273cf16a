"""Keys and access patterns of the table `trains`. Parts that may contain `#` are escaped, ids have ten digits.

| query | index | pk / hash | sk / range |
| --- | --- | --- | --- |
| a train | | train#<train> | train |
| its snapshots, newest first; one | | train#<train> | snapshot#<id> |
| the snapshot of a number | | train#<train> | number#<number> |
| its snapshots by their own status | by_first | train#<train>#<active, deployed or rejected> | <id> |
| its snapshots by furthest stage | by_second | train#<train>#stage#<stage> | <id> |
| the train of a number, empty of the unplanned | | application#<project>#<application> | number#<number> |
| trains of an application, newest first | by_first | application#<project>#<application> | <id> |
| all trains, newest first | by_second | trains | <id> |
| trains whose schedule makes a snapshot, by time | by_second | due | <milliseconds, 14 digits> |
| the variables of a scope | | variables#<scope>#<place> | variables |
| those of all joint scopes; of one | | variables | <scope>#<place>#<scope>#<place>… |
| a template; all, by name | | templates | template#<name> |

Numbers, stages and names are in lower case there: they are found in any case. A snapshot that only its cancelled train
rejects stands under `active`.
"""

from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.variables import Scope, parts_of
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.key_parts import joined

TRAINS = "trains"
ALL_TRAINS = "trains"
DUE = "due"
TRAIN_SK = "train"
SNAPSHOT_PREFIX = "snapshot#"
TEMPLATES = "templates"
JOINT_VARIABLES = "variables"
TEMPLATE_PREFIX = "template#"


def id_key(number: int) -> str:
    """An id in a sort key. number: of at most 31 bits."""
    return f"{number:010d}"


def train_partition(train: int) -> str:
    """Partition key of a train and its snapshots."""
    return f"train#{train}"


def train_key(train: int) -> Key:
    """Key of a train."""
    return Key(train_partition(train), TRAIN_SK)


def schedule_key(train: int) -> Key:
    """Key of what says when the schedule of a train makes its next snapshot."""
    return Key(train_partition(train), "schedule")


def snapshot_key(train: int, number: int) -> Key:
    """Key of a snapshot."""
    return Key(train_partition(train), f"{SNAPSHOT_PREFIX}{id_key(number)}")


def snapshot_number_key(train: int, number: str) -> Key:
    """Key of what says which snapshot has a number."""
    return Key(train_partition(train), joined("number", folded(number)))


def status_hash(train: int, status: str) -> str:
    """Partition key in `by_first` of a train's snapshots by their own status."""
    return f"{train_partition(train)}#{status}"


def stage_hash(train: int, stage: str) -> str:
    """Partition key in `by_second` of a train's snapshots by furthest stage."""
    return f"{train_partition(train)}#{joined('stage', folded(stage))}"


def application_partition(project: str, application: str) -> str:
    """Partition key of the numbers of an application's trains, and in `by_first` of the trains."""
    return joined("application", project, application)


def train_number_key(project: str, application: str, number: str) -> Key:
    """Key of what says which train has a number."""
    return Key(application_partition(project, application), joined("number", folded(number)))


def variables_key(scope: Scope) -> Key:
    """Key of the variables of a scope."""
    if scope.beside:
        return Key(JOINT_VARIABLES, joined(*(text for one in parts_of(scope) for text in (one.kind, one.place))))
    return Key(joined("variables", scope.kind, scope.place), "variables")


def template_key(name: str) -> Key:
    """Key of a template."""
    return Key(TEMPLATES, f"{TEMPLATE_PREFIX}{folded(name)}")
