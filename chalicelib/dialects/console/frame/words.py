"""Read how the reader of a page wants to see it."""

from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.looks import frame_of
from chalicelib.http.raw_request import RawRequest
from chalicelib.http.request import Request


def read_frame(request: Request) -> Frame:
    """Read the frame of a page."""
    user = request.principal.name if request.principal is not None else ""
    return frame_of(_target(request), request.header("cookie"), user, request.id)


def _target(request: Request) -> str:
    raw = RawRequest(
        method="GET", path=request.path, query=request.query.values, headers={}, content=b"", id=request.id
    )
    return raw.target
