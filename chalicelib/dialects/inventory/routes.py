"""All rows of the Inventory."""

from chalicelib.dialects.inventory import routes_namespaces, routes_releases

OPERATIONS = (*routes_namespaces.OPERATIONS, *routes_releases.OPERATIONS)
