"""All rows of FlexDeploy's API."""

from chalicelib.dialects.flexdeploy.executions import routes as executions

OPERATIONS = (*executions.OPERATIONS,)
