"""Read commands to yank and unyank a release."""

from chalicelib.dialects.inventory.releases.shapes import YankBody
from chalicelib.http.request import Request
from chalicelib.use_cases.releases.yank import Yank


def read_yank(request: Request) -> Yank:
    """Read which release to yank, and why. Faults: Invalid."""
    body = request.body(YankBody)
    return _yank(request, body.reason)


def read_unyank(request: Request) -> Yank:
    """Read which release to unyank."""
    return _yank(request, "")


def _yank(request: Request, reason: str) -> Yank:
    return Yank(
        origin=request.origin,
        namespace=request.parameters["namespace"],
        application=request.parameters["name"],
        version=request.parameters["version"],
        reason=reason,
    )
