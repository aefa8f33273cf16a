"""Keys and access patterns of the table `workloads`. Parts that may contain `#` are escaped.

| query | index | pk / hash | sk / range |
| --- | --- | --- | --- |
| a workload | | workload#<id> | workload |
| the pods of a run of it; of all its runs | | workload#<id> | pods#<run> |
| the current workload of a name | | environment#<project>#<environment> | name#<name> |
| all workloads of an environment | | environment#<project>#<environment> | workload#<id> |
| how many current workloads and pipelines are in an environment | | environment#<project>#<environment> | counts |
| the service at a prefix | | prefix#<prefix> | prefix |
| current workloads of an environment, newest first | by_first | environment#<project>#<environment> | <id> |
| pods in an environment, by run | by_first | pods#<project>#<environment> | <run> |
| at which workloads somebody must look, by time | by_second | due | <milliseconds, 14 digits> |

Few workloads are due at a time: one partition holds them.
"""

from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.key_parts import joined

WORKLOADS = "workloads"
DUE = "due"
PODS_PREFIX = "pods#"
MEMBER_PREFIX = "workload#"


def workload_partition(workload_id: str) -> str:
    """Partition key of a workload and its pods."""
    return joined("workload", workload_id)


def workload_key(workload_id: str) -> Key:
    """Key of a workload."""
    return Key(workload_partition(workload_id), "workload")


def pods_key(workload_id: str, run: str) -> Key:
    """Key of the pods of a run."""
    return Key(workload_partition(workload_id), f"{PODS_PREFIX}{run}")


def environment_partition(project: str, environment: str) -> str:
    """Partition key of what is in an environment, and in `by_first` of its current workloads."""
    return joined("environment", project, environment)


def name_key(project: str, environment: str, name: str) -> Key:
    """Key of what says which workload has a name."""
    return Key(environment_partition(project, environment), joined("name", name))


def member_key(project: str, environment: str, workload_id: str) -> Key:
    """Key of what says that a workload is of an environment."""
    return Key(environment_partition(project, environment), f"{MEMBER_PREFIX}{workload_id}")


def counts_key(project: str, environment: str) -> Key:
    """Key of how much there is in an environment."""
    return Key(environment_partition(project, environment), "counts")


def prefix_key(prefix: str) -> Key:
    """Key of what says which service is published at a prefix."""
    return Key(joined("prefix", prefix), "prefix")


def pods_hash(project: str, environment: str) -> str:
    """Partition key in `by_first` of the pods in an environment."""
    return joined("pods", project, environment)
