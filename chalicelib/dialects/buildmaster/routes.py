"""All rows of BuildMaster's APIs."""

from chalicelib.dialects.buildmaster.infrastructure import routes as infrastructure
from chalicelib.dialects.buildmaster.native import routes as native
from chalicelib.dialects.buildmaster.releases import routes as releases
from chalicelib.dialects.buildmaster.variables import routes as variables

OPERATIONS = (*releases.OPERATIONS, *native.OPERATIONS, *infrastructure.OPERATIONS, *variables.OPERATIONS)
