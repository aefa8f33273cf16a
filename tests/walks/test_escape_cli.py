"""Each command of the real `escape` CLI, replayed against a running platform in the order in which it asks."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.packages import a_package_file
from tests.walks.escape_cli import AbortError, EscapeCli
from tests.walks.site import Site

PACKAGE = (Path(__file__).parents[1] / "data" / "escape-package" / "app-v0.1.2.tgz").read_bytes()
PROJECT = "escape-cli"
NAMESPACE = "escape-demo"
UNIT = f"/api/v1/inventory/{NAMESPACE}/units/app"


def made_by_escape() -> dict[str, Any]:
    """The metadata in the package that the real CLI made."""
    with tarfile.open(fileobj=io.BytesIO(PACKAGE)) as package:
        member = package.extractfile("app-v0.1.2/release.json")
        assert member is not None
        metadata: dict[str, Any] = json.load(member)
    return {**metadata, "project": NAMESPACE}


METADATA = made_by_escape()


def package(version: str) -> bytes:
    """What it packs of a version."""
    return a_package_file(**{**METADATA, "version": version})


@pytest.fixture(scope="module")
def cli(site: Site) -> EscapeCli:
    """A CLI that has logged in as a service account of a project."""
    site.project(PROJECT, "ci")
    made = site.post(f"/api/v1/state/{PROJECT}/service-accounts/builder/", {"role": "write"})
    cli = EscapeCli(port=site.port)

    cli.login(made["name"], made["secret_token"])

    assert cli.said == ["GET /api/v1/auth/login-methods", "POST /api/v1/auth/service-account/login"]
    return cli


@pytest.fixture
def fresh(cli: EscapeCli) -> EscapeCli:
    """The same CLI, which begins to count what it says."""
    return EscapeCli(port=cli.port, token=cli.token)


def released(cli: EscapeCli) -> str:
    """`escape run release`, of a plan with the version 0.1.@; its version."""
    cli.next_version(NAMESPACE, "app", "0.1.")
    version = cli.next_version(NAMESPACE, "app", "0.1.")
    cli.register(NAMESPACE, {**METADATA, "version": version})
    cli.upload(NAMESPACE, "app", version, package(version))
    return version


@pytest.fixture(scope="module")
def first(cli: EscapeCli) -> str:
    """The first release."""
    return released(EscapeCli(port=cli.port, token=cli.token))


def test_plan_preview_of_what_is_nowhere_begins_at_nothing(fresh: EscapeCli) -> None:
    assert fresh.next_version(NAMESPACE, "never", "0.1.") == "0.1.0"
    assert fresh.said == [f"GET /api/v1/inventory/{NAMESPACE}/units/never/next-version?prefix=0.1."]


def test_run_release_registers_and_uploads(fresh: EscapeCli, first: str) -> None:
    version = released(fresh)
    ask = f"GET {UNIT}/next-version?prefix=0.1."
    register = f"POST /api/v1/inventory/{NAMESPACE}/register"
    assert fresh.said == [ask, ask, register, f"POST {UNIT}/versions/v{version}/upload"]
    assert version == f"0.1.{int(first.rpartition('.')[2]) + 1}"


def test_a_namespace_made_by_a_release_belongs_to_the_tokens_project(fresh: EscapeCli, site: Site, first: str) -> None:
    found = site.get(f"/api/v1/internal/get_namespaces_for_project?project={PROJECT}")
    assert (list(found), found[NAMESPACE]["permission"]) == ([NAMESPACE], "admin")
    assert fresh.query("")[NAMESPACE]["permission"] == "write"
    assert first


def test_run_release_of_a_version_that_is_there_stops_with_our_words(fresh: EscapeCli, first: str) -> None:
    with pytest.raises(AbortError, match=f"status code 400: b'Release app-v{first} already exists'"):
        fresh.register(NAMESPACE, {**METADATA, "version": first})


def test_run_release_skip_if_exists_looks_first(fresh: EscapeCli, first: str) -> None:
    with pytest.raises(LookupError):
        fresh.metadata(NAMESPACE, "app", "v7.7.7")
    assert fresh.metadata(NAMESPACE, "app", f"v{first}").version == first


def test_inventory_query_goes_as_deep_as_it_is_told(fresh: EscapeCli, first: str) -> None:
    assert NAMESPACE in fresh.query("")
    assert list(fresh.query(f"{NAMESPACE}/units/")) == ["app"]
    versions = fresh.query(f"{NAMESPACE}/units/app/")["versions"]
    assert isinstance(versions, list)
    assert first in versions
    assert fresh.query(f"{NAMESPACE}/units/app/versions/{first}/")["files"] == METADATA["files"]


def test_tag_then_deploy_by_tag_and_by_prefix_fetches_the_package(fresh: EscapeCli, first: str) -> None:
    fresh.tag(NAMESPACE, "app", first, "stable")

    assert fresh.metadata(NAMESPACE, "app", "stable").version == first
    assert fresh.metadata(NAMESPACE, "app", "v0.1.@").stages == fresh.metadata(NAMESPACE, "app", "latest").stages
    assert fresh.download(NAMESPACE, "app", first) == package(first)


def test_tag_knows_of_400_and_shows_it(fresh: EscapeCli, first: str) -> None:
    with pytest.raises(AbortError, match=r"400: b\"The tag 'v1.0' is invalid/not supported.\""):
        fresh.tag(NAMESPACE, "app", first, "v1.0")


def test_plan_diff_errands_and_dependencies_read_one_release(fresh: EscapeCli, first: str) -> None:
    assert fresh.next_version(NAMESPACE, "app", "0.1.")
    assert fresh.metadata(NAMESPACE, "app", "latest").name == "app"
    errands = fresh.metadata(NAMESPACE, "app", f"v{first}").errands
    assert list(errands or ()) == ["backup"]


def test_a_release_that_needs_another_says_where_it_is_needed(fresh: EscapeCli, first: str) -> None:
    latest = fresh.metadata(NAMESPACE, "app", "latest").version
    depends = [{"release_id": f"{NAMESPACE}/app-v{latest}", "scopes": ["build", "deploy"]}]
    fresh.register(NAMESPACE, {"name": "shop", "version": "1.0", "project": NAMESPACE, "depends": depends})
    needs = {"project": NAMESPACE, "name": "shop", "version": "1.0"}
    said = {"build": True, "deploy": True, "is_extension": False}
    assert fresh.query(f"{NAMESPACE}/units/app/versions/v{latest}/downstream") == [{**needs, **said}]
    assert first


def test_remote_state_is_loaded_and_saved_step_by_step(fresh: EscapeCli) -> None:
    assert fresh.load_state(PROJECT, "ci")["name"] == "ci"
    root = f"{NAMESPACE}/rs"
    steps = ("pending", "running_pre_step", "running_main_step", "running_post_step", "ok")
    for code in steps:
        stage = {"version": "0.1.0", "status": {"status": code, "updated_at": "2026-01-02T03:04:05.678901234Z"}}
        state = {"name": root, "release": f"{NAMESPACE}/app", "stages": {"build": stage}}
        fresh.save_state(PROJECT, "ci", root, {"path": root, "root_stage": "", "state": state})

    saved = fresh.load_state(PROJECT, "ci")["deployments"][root]

    assert saved["stages"]["build"]["version"] == "0.1.0"
    assert fresh.said[-2].endswith(f"/deployments/?deployment={NAMESPACE}%2Frs")


def test_who_has_no_token_is_told_to_log_in(cli: EscapeCli) -> None:
    nobody = EscapeCli(port=cli.port)
    with pytest.raises(AbortError, match="status code 401: b''"):
        nobody.query("")
