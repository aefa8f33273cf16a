"""The AWS stand-in for tests: one a session, on a free port, forgetting. Import `cloud` in a conftest to use it."""

import itertools
import os
import random
from collections.abc import Iterator

import pytest

from chalicelib.aws.endpoint import Keys
from infra.local.emulator import process as stand_in
from infra.local.ports import is_free

KEYS = Keys(access="test", secret="test")
"""What clients of a stand-in of AWS use where nobody tells them otherwise."""

PORTS = range(12_000, 32_000)
"""Below those that the system gives to connections: it would take one between our looking and somebody's listening."""

WORKERS = 20
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
OWN = PORTS[WORKER::WORKERS]
"""Those that no other process of this session takes."""

PLACES = itertools.count(random.randrange(len(OWN)))  # noqa: S311 - so that two sessions begin elsewhere


def free_port() -> int:
    """A port of loopback that nobody listens on, and none that was given before, but after a thousand others."""
    for _ in OWN:
        port = OWN[next(PLACES) % len(OWN)]
        if is_free(port):
            return port
    raise OSError("no port is free")


@pytest.fixture(scope="session")
def cloud() -> Iterator[str]:
    """The address of a stand-in of this session; its key is KEYS, the region us-east-1."""
    port = free_port()
    process = stand_in.start(port, None, KEYS)
    yield stand_in.endpoint(port)
    stand_in.stop(process)
