"""All stories by name."""

from collections.abc import Mapping

from tests.crash import (
    stories_access,
    stories_definitions,
    stories_engine,
    stories_executions,
    stories_functions,
    stories_inventory,
    stories_jobs,
    stories_live,
    stories_projects,
    stories_removal,
    stories_runs,
    stories_webhooks,
)
from tests.crash.story import Story

PARTS = (
    stories_runs,
    stories_jobs,
    stories_live,
    stories_functions,
    stories_engine,
    stories_projects,
    stories_removal,
    stories_definitions,
    stories_access,
    stories_inventory,
    stories_webhooks,
    stories_executions,
)
STORIES: Mapping[str, Story] = {name: story for part in PARTS for name, story in part.STORIES.items()}
