"""All rows of the Inventory."""

from chalicelib.dialects.inventory.hooks import routes as hooks
from chalicelib.dialects.inventory.links import routes as links
from chalicelib.dialects.inventory.namespaces import routes as namespaces
from chalicelib.dialects.inventory.packages import routes as packages
from chalicelib.dialects.inventory.releases import routes as releases
from chalicelib.dialects.inventory.search import routes as search

OPERATIONS = (
    *namespaces.OPERATIONS,
    *releases.OPERATIONS,
    *packages.OPERATIONS,
    *links.OPERATIONS,
    *search.OPERATIONS,
    *hooks.OPERATIONS,
)
