"""All rows of FlexDeploy's API."""

from chalicelib.dialects.flexdeploy.administration import routes as administration
from chalicelib.dialects.flexdeploy.executions import routes as executions
from chalicelib.dialects.flexdeploy.pipelines import routes as pipelines
from chalicelib.dialects.flexdeploy.projects import routes as projects
from chalicelib.dialects.flexdeploy.releases import routes as releases
from chalicelib.dialects.flexdeploy.requests import routes as requests
from chalicelib.dialects.flexdeploy.snapshots import routes as snapshots
from chalicelib.dialects.flexdeploy.tasks import routes as tasks
from chalicelib.dialects.flexdeploy.topology import routes as topology

OPERATIONS = (
    *executions.OPERATIONS,
    *releases.OPERATIONS,
    *snapshots.OPERATIONS,
    *tasks.OPERATIONS,
    *topology.OPERATIONS,
    *projects.OPERATIONS,
    *requests.OPERATIONS,
    *pipelines.OPERATIONS,
    *administration.OPERATIONS,
)
