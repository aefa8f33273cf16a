"""Rows of environments as they were, and of what differs between them."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.environments import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import PROJECT_READ
from chalicelib.use_cases.overview.environment_diff import compare_environments
from chalicelib.use_cases.overview.environment_history import get_environment_history

GROUP = Group(PLATFORM, "Environments")

OPERATIONS = (
    GROUP.operation(
        "GET /api/v1/projects/{project}/environments/{environment}/history",
        "All that was done in an environment, newest first, with every instant of change; by pages.",
        PROJECT_READ,
        Handling(words.read_history, get_environment_history, words.show_history),
        schema=Schema(query=shapes.EnvironmentHistoryQuery, answer=shapes.EnvironmentHistoryShape),
    ),
    GROUP.operation(
        "GET /api/v1/projects/{project}/diff",
        "What differs between two environments (`?old=&new=`), or one at two instants (`&old_at=&new_at=`).",
        PROJECT_READ,
        Handling(words.read_diff, compare_environments, words.show_diff),
        schema=Schema(query=shapes.DiffQuery, answer=shapes.EnvironmentDiffShape),
    ),
)
