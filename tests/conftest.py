"""What tests of every room may ask for: the stand-in of AWS, and tables of one's own in it."""

import gc
import itertools
import random
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.aws.calls import Aws, Clock, Interceptor, passthrough
from chalicelib.aws.endpoint import Keys, endpoint_from
from chalicelib.store.dynamo.schema import EXPIRY
from chalicelib.store.dynamo.tables import Tables
from infra import resources
from tests import loopback, shares
from tests.cloud import KEYS
from tests.cloud import cloud as cloud
from tests.laws import profiles
from tests.reports import pytest_runtest_protocol as pytest_runtest_protocol

# Imports leave no garbage worth looking for.
gc.set_threshold(100_000, 50, 100)
loopback.guard()
profiles.hold_all()
# A shell's background jobs ignore Ctrl-C, and what tests start would do so after them.
signal.signal(signal.SIGINT, signal.default_int_handler)

OF_THEIR_OWN = ("browser", "deployed", "updates")
"""Rooms whose tests are targets of their own: they ask for a browser, or for a package and a stand-in of an account."""

PREFIXES = itertools.count(1)
EXPIRING = ("access", "inventory", "logs", "runs")


CHANCE = Clock(now=lambda: datetime.now(UTC), sleep=time.sleep, dice=random.random)
"""The true clock."""


def aws_at(address: str, interceptor: Interceptor = passthrough, keys: Keys = KEYS) -> Aws:
    """The stand-in at an address, with the true clock. interceptor: sees every call."""
    where = {"AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": keys.access, "AWS_SECRET_ACCESS_KEY": keys.secret}
    return Aws(endpoint=endpoint_from(where), clock=CHANCE, interceptor=interceptor)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Tests that are a target of their own are left out, unless they are asked for."""
    room = collection_path.name if collection_path.parent == Path(__file__).parent else ""
    return True if room in OF_THEIR_OWN and not any(room in word for word in config.args) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins."""
    shares.longest_first(items)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is there once all tests are known stays: looking through it for garbage took a tenth of the time."""
    if session.config.option.collectonly:
        profiles.prepare()
    gc.freeze()
    # So is what comes seldom looked through: a test leaves little garbage, and Hypothesis counts each time that it is.
    gc.set_threshold(20_000, 20, 50)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> shares.Shares:
    """Of several processes each gets what stays together."""
    return shares.Shares(config, log)


@pytest.fixture(scope="session")
def aws(cloud: str) -> Iterator[Aws]:
    """The session's stand-in of AWS."""
    made = aws_at(cloud)
    yield made
    made.close()


@pytest.fixture
def prefix() -> str:
    """Of tables, queues and a bucket that no other test has."""
    return f"test{next(PREFIXES)}-"


@pytest.fixture
def tables(aws: Aws, prefix: str) -> Tables:
    """Empty tables of this test's own, in which nothing expires."""
    return lasting_tables(aws, prefix)


def lasting_tables(aws: Aws, prefix: str) -> Tables:
    """Make empty tables in which nothing expires: the stand-in goes by a clock ahead of the tests'."""
    resources.create_tables(aws, prefix)
    for name in EXPIRING:
        setting = {"AttributeName": EXPIRY, "Enabled": False}
        asked = {"TableName": f"{prefix}{name}", "TimeToLiveSpecification": setting}
        aws.call("dynamodb", "UpdateTimeToLive", asked)
    return Tables(aws=aws, prefix=prefix)
