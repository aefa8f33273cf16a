"""All rows of the Inventory."""

from chalicelib.dialects.inventory import routes_hooks, routes_links, routes_namespaces, routes_releases

OPERATIONS = (
    *routes_namespaces.OPERATIONS,
    *routes_releases.OPERATIONS,
    *routes_links.OPERATIONS,
    *routes_hooks.OPERATIONS,
)
