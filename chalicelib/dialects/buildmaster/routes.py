"""All rows of BuildMaster's APIs."""

from chalicelib.dialects.buildmaster.native import routes as native

OPERATIONS = native.OPERATIONS
