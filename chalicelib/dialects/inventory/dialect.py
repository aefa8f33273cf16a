"""Define the Inventory dialect, as Escape's clients know it. Its rows are in the routes.py of each noun."""

from chalicelib.http.operation import Dialect
from chalicelib.http.refuse import PLAIN_ERRORS

INVENTORY = Dialect(
    name="inventory",
    title="Release Inventory",
    prefixes=("/api/v1/inventory", "/api/v1/internal"),
    error_format=PLAIN_ERRORS,
)
