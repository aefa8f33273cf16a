"""Define Slipway's own API, for what none of the five dialects has. Its rows are in the routes.py of each noun."""

from chalicelib.http.operation import Dialect
from chalicelib.http.refuse import JSON_ERRORS

PLATFORM = Dialect(name="platform", title="Platform", prefixes=("/",), error_format=JSON_ERRORS)
