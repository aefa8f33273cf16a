"""Define the State Service dialect, as Escape's clients know it. Its rows are in the routes.py of each noun."""

from chalicelib.http.operation import Dialect, Mounting
from chalicelib.http.refuse import JSON_ERRORS

STATE = Dialect(
    name="state",
    title="State Service",
    prefixes=("/api/v1/state", "/api/v1/builds", "/api/v1/deployment-jobs", "/api/v1/pipelines", "/schemas"),
    error_format=JSON_ERRORS,
    # Its rows would take a third of the resources that one API may have.
    mounting=Mounting.FALLBACK,
)
