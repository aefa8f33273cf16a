"""Rows of deploys: what one would change, and back to what was deployed before."""

from chalicelib.dialects.platform.deploys import shapes, words
from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import PROJECT_READ, PROJECT_WRITE
from chalicelib.use_cases.deploys.preview import preview_deploy
from chalicelib.use_cases.deploys.rollback import preview_rollback, roll_back

GROUP = Group(PLATFORM, "Deploys")
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})
DEPLOYMENT = "/api/v1/projects/{project}/environments/{environment}/deployments/{deployment}"

OPERATIONS = (
    GROUP.operation(
        f"POST {DEPLOYMENT}/plan",
        "What a deploy would change and do, by what one would ask of it. Nothing is changed.",
        PROJECT_READ,
        Handling(words.read_plan, preview_deploy, words.show_plan),
        schema=Schema(body=shapes.PlannedDeployBody, answer=shapes.DeployPlanShape),
        flags=OPTIONAL | {Flag.READS},
    ),
    GROUP.operation(
        f"GET {DEPLOYMENT}/rollback",
        "To what a deployment would be rolled back, what that changes, and what it does not undo.",
        PROJECT_READ,
        Handling(words.read_rollback_plan, preview_rollback, words.show_rollback_plan),
        schema=Schema(answer=shapes.RollbackPlanShape),
    ),
    GROUP.operation(
        f"POST {DEPLOYMENT}/rollback",
        "Deploy again what was deployed well before; shows the run that does so.",
        PROJECT_WRITE,
        Handling(words.read_rollback, roll_back, words.show_started),
        schema=Schema(body=shapes.RollbackBody, answer=shapes.StartedShape),
        flags=OPTIONAL,
    ),
)
