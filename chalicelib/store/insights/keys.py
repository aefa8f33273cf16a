"""Keys and access patterns of what was deployed by week, in the table `runs`.

| query | table | pk | sk |
| --- | --- | --- | --- |
| weeks of an environment from a Monday on | runs | insights#<project> | <environment>#<Monday>#<application> |
| how far the feed was counted | runs | insights | counted |
"""

from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.key_parts import joined

RUNS = "runs"
COUNTED = Key("insights", "counted")


def weeks_partition(project: str) -> str:
    """Partition of the weeks of a project."""
    return joined("insights", project)


def week_key(project: str, environment: str, week: str, application: str) -> Key:
    """Key of the week of an application in an environment."""
    return Key(weeks_partition(project), joined(environment, week, application))


def weeks_since(environment: str, week: str) -> tuple[str, str]:
    """Return the first and the last sort key of an environment's weeks from a Monday on."""
    return joined(environment, week), joined(environment, "~")
