"""All stories by name."""

from collections.abc import Mapping

from tests.crash import (
    stories_access,
    stories_definitions,
    stories_functions,
    stories_inventory,
    stories_jobs,
    stories_live,
    stories_projects,
    stories_removal,
    stories_runs,
)
from tests.crash.story import Story

PARTS = (
    stories_runs,
    stories_jobs,
    stories_live,
    stories_functions,
    stories_projects,
    stories_removal,
    stories_definitions,
    stories_access,
    stories_inventory,
)
STORIES: Mapping[str, Story] = {name: story for part in PARTS for name, story in part.STORIES.items()}

UNHEALED: frozenset[str] = frozenset()
"""Known defects: what a verb stores and its audit entry are two writes, and who dies between them leaves one."""

DOUBLED: frozenset[str] = frozenset()
"""Known defects, or acts that mean something new when done again under one seed: to be told apart."""

UNTOLD = frozenset(
    {
        "execution_logs.add_to_log",
        "executions.cancel_execution",
        "executions.retry_execution",
        "routes_pipelines._confirm",
        "webhooks.hear_build_webhook",
        "webhooks.hear_pipeline_webhook",
    }
)
"""Handlers that still want a story."""
