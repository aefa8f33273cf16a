"""All rows of the Deploy API."""

from chalicelib.dialects.deploy.lists import routes as lists
from chalicelib.dialects.deploy.loads import routes as loads
from chalicelib.dialects.deploy.logs import routes as logs
from chalicelib.dialects.deploy.pipelines import routes as pipelines
from chalicelib.dialects.deploy.tasks import routes as tasks
from chalicelib.dialects.deploy.templates import routes as templates

OPERATIONS = (
    *tasks.OPERATIONS,
    *logs.OPERATIONS,
    *loads.OPERATIONS,
    *pipelines.OPERATIONS,
    *lists.OPERATIONS,
    *templates.OPERATIONS,
)
