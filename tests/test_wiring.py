"""Ports are joined to adapters late and once, and the world is true."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest

from chalicelib import adapters, wiring
from chalicelib.adapter_context import AdapterContext, Process
from chalicelib.aws.calls import Aws
from chalicelib.gateways.issuer_settings import IssuerSettings
from chalicelib.kernel.access.principal import is_admin
from chalicelib.kernel.faults import Unavailable
from chalicelib.lazy_adapter import lazy
from chalicelib.store.dynamo.tables import Tables
from chalicelib.use_cases.access.authenticate import by_token
from chalicelib.use_cases.credentials.ensure_admin import EnsureAdmin, ensure_admin
from chalicelib.use_cases.ports.bundle import Settings


def a_ground(aws: Aws, tables: Tables) -> AdapterContext:
    return AdapterContext(aws=lambda: aws, prefix=tables.prefix, clock=wiring.SYSTEM_CLOCK, ids=wiring.RANDOM_IDS)


def test_an_adapter_is_made_once_and_on_first_use() -> None:
    made: list[dict[str, int]] = []

    def make() -> dict[str, int]:
        made.append({"one": 1})
        return made[-1]

    adapter = lazy(make)
    assert made == []

    start = Barrier(8)
    threads = [Thread(target=lambda: (start.wait(), adapter.get("one"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert adapter.get("one") == 1
    assert len(made) == 1


def test_ids_have_26_letters_and_sort_by_time() -> None:
    source = wiring.RandomIds()
    ids = []
    for _ in range(3):
        ids.append(source.identifier())
        while source.identifier()[:10] == ids[-1][:10]:
            pass

    assert all(len(each) == 26 and each.isalnum() for each in ids)
    assert all(first < second for first, second in pairwise(ids))


def test_the_time_is_aware_and_in_whole_milliseconds() -> None:
    now = wiring.SystemClock().now()

    assert now.utcoffset() == timedelta()
    assert now.microsecond % 1000 == 0
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)


def test_secrets_differ_and_are_fit_for_addresses() -> None:
    source = wiring.RandomIds()

    assert len({source.secret() for _ in range(50)}) == 50
    assert len(source.secret()) >= 32


@pytest.mark.parametrize("text", ["gpu", "=web", "gpu=web gpu=api"])
def test_half_a_binding_of_pools_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="SLIPWAY_POOL_PROJECTS"):
        wiring.settings_in({"SLIPWAY_POOL_PROJECTS": text})


@pytest.mark.parametrize("name", ["SLIPWAY_IDLE_PAUSE_SECONDS", "SLIPWAY_LOG_PACE_SECONDS"])
@pytest.mark.parametrize("text", ["soon", "0", "-1", "61", "nan", "inf"])
def test_a_pause_that_no_runner_can_keep_is_refused_at_the_start(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=name):
        wiring.settings_in({name: text})


def test_settings_come_from_the_environment() -> None:
    chosen = {
        "SLIPWAY_PUBLIC_URL": "https://slipway.example.org/",
        "SLIPWAY_TRUST_IDENTITY_HEADER": "true",
        "SLIPWAY_SWEEP_AHEAD_SECONDS": "2",
        "SLIPWAY_IDLE_PAUSE_SECONDS": "0.5",
        "SLIPWAY_LOG_PACE_SECONDS": "2",
        "SLIPWAY_PRODUCTION": "live eu-*",
        "SLIPWAY_FRESH_LOGIN_SECONDS": "60",
    }

    settings = wiring.settings_in(chosen)

    assert settings.public_url == "https://slipway.example.org"
    assert settings.live_url == "wss://slipway.example.org/live"
    assert settings.trusts_identity_header
    assert (settings.idle_pause, settings.log_pace) == (0.5, 2.0)
    assert (settings.production, settings.fresh_login) == (("live", "eu-*"), timedelta(minutes=1))
    assert settings.sweep_ahead == timedelta(seconds=2)
    assert wiring.settings_in({"SLIPWAY_LIVE_URL": "wss://live.example.org"}).live_url == "wss://live.example.org"
    assert wiring.settings_in({}) == Settings()
    bound = wiring.settings_in({"SLIPWAY_POOL_PROJECTS": " gpu=web,api\ttrusted= "}).pool_projects
    assert bound == {"gpu": {"web", "api"}, "trusted": frozenset()}
    assert wiring.settings_in({"SLIPWAY_PORT": "8123"}).public_url == "http://127.0.0.1:8123"


def test_a_process_rings_only_where_somebody_listens() -> None:
    heard: list[str] = []
    process = Process()

    process.ring("before")
    process.bell = heard.append
    process.ring("after")

    assert heard == ["after"]


@pytest.mark.cloud
def test_every_adapter_that_is_there_can_be_made(aws: Aws, tables: Tables) -> None:
    ports = adapters.ports_on(a_ground(aws, tables), Settings())

    assert ports.numbers.following("runs") == 1
    assert ports.logs.head("a-log") == 0
    assert ports.locks.line("a-lock") == ()
    assert ports.runs.unfinished() == []
    assert ports.jobs.waiting("default", 1) == []
    assert ports.live.mark("a-topic") == 0
    assert ports.viewers.of_run("a-run") == []
    assert ports.access.find_user("ann") is None
    assert ports.audits.unsealed(1) == []
    assert callable(ports.queue.enqueue_events)
    assert callable(ports.outside.post)
    assert callable(ports.watermarks.take)
    assert callable(ports.idempotency.claim)
    assert callable(ports.secrets.get)
    assert callable(ports.projects.create)
    assert callable(ports.definitions.definition)
    assert callable(ports.deployments.find_deployment)


@pytest.mark.cloud
def test_the_first_admin_gets_in_through_real_adapters(aws: Aws, tables: Tables) -> None:
    ports = adapters.ports_on(a_ground(aws, tables), Settings())

    text = ensure_admin(ports, EnsureAdmin(now=ports.clock.now()))

    assert text is not None
    assert is_admin(by_token(ports, text, ports.clock.now()))
    assert ensure_admin(ports, EnsureAdmin(now=ports.clock.now())) is None


def test_a_package_without_cryptography_says_what_it_lacks(
    aws: Aws, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "chalicelib.gateways.jwks", None)
    settings = IssuerSettings(issuer="https://id.example", jwks_url="https://id.example/keys")
    ports = adapters.ports_on(replace(a_ground(aws, tables), issuer=settings), Settings())
    with pytest.raises(Unavailable, match="make package ISSUER=1"):
        ports.issuer.find_claims("x.y.z", wiring.SYSTEM_CLOCK.now())


def test_joining_the_ports_imports_no_adapter_and_no_vendor() -> None:
    asked = """
import sys
from chalicelib import wiring
wiring.ports()
heavy = {"pydantic", "botocore", "boto3", "chalice", "pynamodb", "chalicelib.store.dynamo.tables", "chalicelib.http"}
print(sorted(heavy & set(sys.modules)))
"""
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"
