"""What the local cloud has done before it serves: resources made, and set right after an unclean stop."""

import os

from chalicelib import wiring
from chalicelib.aws.calls import Aws
from chalicelib.aws.reach import reach
from chalicelib.store.recover import Shaken
from chalicelib.store.recover import recover as set_right
from chalicelib.store.tables import Tables
from infra import resources

DEFAULT_PREFIX = "slipway-"


def create(endpoint: str) -> None:
    """Tables, queues and bucket are there, at the stand-in of this address."""
    here = Aws(reach=reach({**os.environ, "AWS_ENDPOINT_URL": endpoint}), chance=wiring.aws().chance)
    resources.create_all(here, _prefix())
    here.close()


def recover() -> None:
    """The lost last second is as if nobody had seen it."""
    ports = wiring.ports()
    tables = Tables(aws=wiring.aws(), prefix=_prefix())
    set_right(Shaken(tables=tables, jobs=ports.jobs, queue=ports.queue), ports.world.now())


def _prefix() -> str:
    return os.environ.get("SLIPWAY_PREFIX") or DEFAULT_PREFIX
