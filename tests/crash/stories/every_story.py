"""All stories by name."""

from collections.abc import Mapping

from tests.crash.stories import access as stories_access
from tests.crash.stories import changes as stories_changes
from tests.crash.stories import console as stories_console
from tests.crash.stories import console_trains_and_tasks as stories_console_trains_and_tasks
from tests.crash.stories import definitions as stories_definitions
from tests.crash.stories import engine as stories_engine
from tests.crash.stories import events as stories_events
from tests.crash.stories import executions as stories_executions
from tests.crash.stories import executions_of_snapshots as stories_executions_of_snapshots
from tests.crash.stories import flexdeploy as stories_flexdeploy
from tests.crash.stories import freezes as stories_freezes
from tests.crash.stories import functions as stories_functions
from tests.crash.stories import gated as stories_gated
from tests.crash.stories import installation as stories_installation
from tests.crash.stories import inventory as stories_inventory
from tests.crash.stories import jobs as stories_jobs
from tests.crash.stories import live as stories_live
from tests.crash.stories import projects as stories_projects
from tests.crash.stories import releases as stories_releases
from tests.crash.stories import releases_by_gates as stories_releases_by_gates
from tests.crash.stories import removal as stories_removal
from tests.crash.stories import retention as stories_retention
from tests.crash.stories import runs as stories_runs
from tests.crash.stories import tasks as stories_tasks
from tests.crash.stories import trains as stories_trains
from tests.crash.stories import variables as stories_variables
from tests.crash.stories import webhooks as stories_webhooks
from tests.crash.stories import workloads as stories_workloads
from tests.crash.stories.story import Story

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
    stories_installation,
    stories_releases,
    stories_webhooks,
    stories_executions,
    stories_trains,
    stories_variables,
    stories_tasks,
    stories_workloads,
    stories_flexdeploy,
    stories_executions_of_snapshots,
    stories_gated,
    stories_freezes,
    stories_releases_by_gates,
    stories_console,
    stories_console_trains_and_tasks,
    stories_retention,
    stories_changes,
    stories_events,
)
STORIES: Mapping[str, Story] = {name: story for part in PARTS for name, story in part.STORIES.items()}
