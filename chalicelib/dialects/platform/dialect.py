"""Our own API: what none of the five systems has. Its rows stand in the routes.py of each noun."""

from chalicelib.http.operation import Dialect
from chalicelib.http.refuse import JSON_ERRORS

PLATFORM = Dialect(name="platform", title="Platform", prefixes=("/",), error_format=JSON_ERRORS)
