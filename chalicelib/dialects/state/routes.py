"""All rows of the State Service."""

from chalicelib.dialects.state.accounts import routes as accounts
from chalicelib.dialects.state.builds import routes as builds
from chalicelib.dialects.state.deployments import routes as deployments
from chalicelib.dialects.state.environments import routes as environments
from chalicelib.dialects.state.executions import routes_builds, routes_jobs, routes_pipelines
from chalicelib.dialects.state.incoming_webhooks import routes as webhooks
from chalicelib.dialects.state.jobs import routes as jobs
from chalicelib.dialects.state.pipelines import routes as pipelines
from chalicelib.dialects.state.projects import routes as projects

OPERATIONS = (
    *projects.OPERATIONS,
    *accounts.OPERATIONS,
    *environments.OPERATIONS,
    *deployments.OPERATIONS,
    *builds.OPERATIONS,
    *jobs.OPERATIONS,
    *pipelines.OPERATIONS,
    *webhooks.OPERATIONS,
    *routes_builds.OPERATIONS,
    *routes_jobs.OPERATIONS,
    *routes_pipelines.OPERATIONS,
)
