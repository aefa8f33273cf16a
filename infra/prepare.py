"""Create the local cloud's resources before it serves."""

import os

from chalicelib import wiring
from chalicelib.aws.calls import Aws
from chalicelib.aws.endpoint import endpoint_from
from infra import resources

DEFAULT_PREFIX = "slipway-"


def create(endpoint: str) -> None:
    """Create tables, queues and bucket at the emulator with this address."""
    here = Aws(endpoint=endpoint_from({**os.environ, "AWS_ENDPOINT_URL": endpoint}), clock=wiring.aws().clock)
    resources.create_all(here, _prefix())
    here.close()


def _prefix() -> str:
    return os.environ.get("SLIPWAY_PREFIX") or DEFAULT_PREFIX
