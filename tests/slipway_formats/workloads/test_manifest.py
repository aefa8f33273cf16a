"""What a manifest.json says, and everything that is wrong with one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway_formats.defect import Invalid
from slipway_formats.workloads.manifest import (
    ConcurrencyPolicy,
    Manifest,
    Published,
    PullPolicy,
    SecretReference,
    Strategy,
    WorkloadKind,
)
from slipway_formats.workloads.manifest_reader import read_manifest
from slipway_formats.workloads.manifest_writer import written_manifest

FIBONACCI = {
    "labels": "app:fibonacci", "type": "job", "name": "fibonacci", "image-destination": "registry/x/fibonacci:0.1",
    "cmd": ["python", "/code/fibbo.py", "10"], "cpu-limit": "0.20", "memory-limit": "200Mi", "cpu-request": "0.15",
    "memory-request": "150Mi", "env": [{"name": "FIRST_NAME", "value": "Marc"}], "schedule": "",
}  # fmt: skip
HELLO = {
    "labels": "app:helloworld", "type": "service", "name": "helloworld", "image": "registry/x/hello:0.1",
    "image-pull-policy": "Always", "replicas": 1, "container-port": 5000,
    "published": {"access": "team-a", "prefix": "/helloworld/"},
}  # fmt: skip


def defects(raw: object) -> list[str]:
    with pytest.raises(Invalid) as refused:
        read_manifest(raw)
    return [str(one) for one in refused.value.defects]


def paths(raw: object) -> list[str]:
    return [one.partition(":")[0] for one in defects(raw)]


def test_the_sample_of_a_job_is_read() -> None:
    manifest = read_manifest(FIBONACCI)
    assert manifest.kind is WorkloadKind.JOB
    assert manifest.labels == {"app": "fibonacci"}
    assert manifest.env == {"FIRST_NAME": "Marc"}
    assert manifest.image_destination == "registry/x/fibonacci:0.1"


def test_the_sample_of_a_service_is_read() -> None:
    manifest = read_manifest(HELLO)
    assert (manifest.kind, manifest.container_port) == (WorkloadKind.SERVICE, 5000)
    assert manifest.published == Published(access="team-a", prefix="/helloworld/")


def test_a_job_with_a_schedule_is_a_cronjob_whoever_gives_the_schedule() -> None:
    assert read_manifest({**FIBONACCI, "schedule": "*/5 * * * *"}).kind is WorkloadKind.CRONJOB
    assert read_manifest(FIBONACCI, schedule="0 3 * * 1-5").schedule == "0 3 * * 1-5"
    unnamed = {key: value for key, value in FIBONACCI.items() if key != "name"}
    assert read_manifest(unnamed, name="another").name == "another"


def test_every_defect_is_reported_at_once_with_its_path() -> None:
    raw = {
        "type": "daemon", "name": "Not_dns", "colour": "red", "cmd": "sleep 1", "replicas": -1, "container-port": 70000,
        "cpu-limit": "fast", "memory-request": "2Gi", "memory-limit": "1Gi", "schedule": "* * *",
        "env": [{"name": "A", "value": 1}, {"nam": "B"}], "published": {"prefix": "../x", "sticky_session": True},
    }  # fmt: skip
    assert paths(raw) == [
        "type", "name", "schedule", "cmd", "env[0].value", "env[1].name", "env[1].nam", "cpu-limit", "replicas",
        "container-port", "published.prefix", "published.sticky_session", "colour", "image", "replicas",
        "container-port", "published", "memory-request",
    ]  # fmt: skip


def test_an_unknown_key_is_refused_by_its_name() -> None:
    assert defects({**FIBONACCI, "volumes": []}) == ["volumes: unknown key"]


@pytest.mark.parametrize("amount", ["", "1.5.2", "-1", "0", "5kk", "1 Gi", "9" * 60, "1001"])
def test_a_wrong_quantity_is_refused(amount: str) -> None:
    raw = {**FIBONACCI, "cpu-limit": amount, "cpu-request": ""}
    assert paths(raw) == ["cpu-limit"] if amount else read_manifest(raw).cpu_limit == ""


@pytest.mark.parametrize(("key", "value"), [("cpu-request", "201m"), ("memory-request", "210000k")])
def test_a_request_over_its_limit_is_refused(key: str, value: str) -> None:
    assert paths({**FIBONACCI, key: value}) == [key]


@pytest.mark.parametrize("port", [0, 65_536, "5000", True, 1.5])
def test_a_port_out_of_range_is_refused(port: object) -> None:
    assert "container-port" in paths({**HELLO, "container-port": port})


def test_a_service_needs_a_port_and_takes_no_schedule() -> None:
    raw = {key: value for key, value in HELLO.items() if key != "container-port"} | {"schedule": "* * * * *"}
    assert paths(raw) == ["container-port", "schedule"]


def test_only_a_service_is_published_and_only_what_lasts_has_replicas() -> None:
    raw = {**FIBONACCI, "published": {"prefix": "/x/"}, "replicas": 2}
    assert paths(raw) == ["replicas", "published"]


@pytest.mark.parametrize("prefix", ["x/", "/x", "/x/../", "/./", "//", "/", "/a b/", "/%2e%2e/"])
def test_a_prefix_that_is_no_plain_path_is_refused(prefix: str) -> None:
    assert "published.prefix" in paths({**HELLO, "published": {"prefix": prefix}})


@pytest.mark.parametrize("empty", [None, "", {}])
def test_an_empty_published_exposes_nothing(empty: object) -> None:
    assert read_manifest({**HELLO, "published": empty}).published is None


def test_the_name_of_a_cronjob_is_shorter() -> None:
    assert read_manifest({**FIBONACCI, "name": "a" * 63}).name == "a" * 63
    assert paths({**FIBONACCI, "name": "a" * 53, "schedule": "* * * * *"}) == ["name"]


def test_a_secret_is_a_reference_never_a_value() -> None:
    raw = {**FIBONACCI, "secrets": [{"name": "KEY", "secret": "db", "key": "password"}]}
    assert read_manifest(raw).secrets == (SecretReference(name="KEY", secret="db", key="password"),)
    raw["secrets"] = [{"name": "KEY", "value": "hunter2"}]
    refused = defects(raw)
    assert refused == ["secrets[0].secret: must be given", "secrets[0].value: unknown key"]
    assert "hunter2" not in str(refused)


@pytest.mark.parametrize("raw", [None, [], "job", 5])
def test_what_is_no_object_is_refused(raw: object) -> None:
    assert "must be an object" in defects(raw)[0]


WRONG: list[object] = [
    None,
    True,
    0,
    -1,
    1.5,
    2**70,
    "",
    "x",
    "\0",
    [],
    [1],
    [{}],
    [{"name": "A"}, {"name": "A"}],
    {},
    {"a": 1},
    [[]],
]
KEYS = st.sampled_from([*FIBONACCI, *HELLO, "secrets", "args", "retries", "concurrency-policy", "strategy"])


@given(st.dictionaries(KEYS, st.sampled_from([*WRONG, *FIBONACCI.values(), *HELLO.values()]), max_size=8))
def test_whatever_is_given_is_read_or_refused(raw: dict[str, object]) -> None:
    try:
        manifest = read_manifest(raw)
    except Invalid:
        return
    assert read_manifest(json.loads(json.dumps(written_manifest(manifest)))) == manifest


NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    kind = draw(st.sampled_from(WorkloadKind))
    lasts, is_cron = kind in (WorkloadKind.DEPLOYMENT, WorkloadKind.SERVICE), kind is WorkloadKind.CRONJOB
    published = st.builds(Published, prefix=st.just("/x/y/"), access=NAMES, timeout_ms=st.integers(1, 9000))
    return Manifest(
        kind=kind,
        name=draw(NAMES),
        labels=draw(st.dictionaries(NAMES, NAMES, max_size=2)),
        image_pull_policy=draw(st.sampled_from(PullPolicy)),
        cmd=tuple(draw(st.lists(st.text("abc $()", max_size=9), min_size=1, max_size=3))),
        env=draw(st.dictionaries(st.sampled_from(["A", "B_1"]), st.text("xyz=", max_size=5))),
        cpu_limit=draw(st.sampled_from(["", "2", "200m"])),
        memory_request=draw(st.sampled_from(["", "1Gi", "1e6"])),
        schedule="0 4 * * *" if is_cron else "",
        concurrency_policy=draw(st.sampled_from(ConcurrencyPolicy)) if is_cron else ConcurrencyPolicy.ALLOW,
        retries=0 if lasts else draw(st.integers(0, 5)),
        replicas=draw(st.integers(0, 3)) if lasts else 1,
        strategy=draw(st.sampled_from(Strategy)) if lasts else Strategy.ROLLING_UPDATE,
        container_port=5000 if lasts else 0,
        published=draw(st.none() | published) if kind is WorkloadKind.SERVICE else None,
    )


@given(manifests())
def test_what_is_written_is_read_again(manifest: Manifest) -> None:
    assert read_manifest(written_manifest(manifest)) == manifest
