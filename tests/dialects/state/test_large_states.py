"""A state of 4 MB is kept; a change that begins with over 3 MB is refused before the world is changed."""

import gzip
import json
import secrets
from typing import Any

import pytest

from tests.dialects.state.site import Site
from tests.dialects.state.walk import STAGING

RAND = f"{STAGING}/deployments/?deployment=rand"


@pytest.fixture
def site() -> Site:
    return Site()


def a_body(size: int, code: str = "", *, path: str = "rand", root_stage: str = "") -> dict[str, Any]:
    status = {"status": {"status": code}} if code else {}
    stage = {**status, "calculated_outputs": {"o": "x" * size}}
    state = {"name": path.rpartition(":")[2], "stages": {"deploy": stage}}
    return {"path": path, "root_stage": root_stage, "state": state}


def test_what_does_not_compress_is_kept(site: Site) -> None:
    body = a_body(0)
    body["state"]["stages"]["deploy"]["calculated_outputs"]["o"] = secrets.token_hex(1_500_000)
    site.done("PUT", RAND, body)
    assert site.get(RAND) == body["state"]


@pytest.mark.parametrize("code", ["", "ok", "running_main_step", "failure", "running_pre_destroy_step"])
def test_a_state_of_4_mb_is_kept(site: Site, code: str) -> None:
    body = a_body(4 * 1024**2, code)
    site.done("PUT", RAND, body)
    got = site.ask("GET", RAND, Accept_Encoding="gzip")
    assert (got.status, got.headers["Content-Encoding"]) == (200, "gzip")
    assert json.loads(gzip.decompress(got.content)) == body["state"]
    refused = site.ask("GET", f"{STAGING}/?full=true")
    assert (refused.status, "accept gzip, or ask for less" in refused.json["message"]) == (413, True)


@pytest.mark.parametrize("code", ["pending", "running_pre_step"])
def test_a_change_that_begins_with_over_3_mb_is_refused_with_name_and_limit(site: Site, code: str) -> None:
    site.done("PUT", RAND, a_body(2_900_000, code))
    site.done("PUT", RAND, a_body(3_100_000, "ok"))
    for body in (a_body(3_100_000, code), a_body(10, code, path="rand:db", root_stage="deploy")):
        answered = site.ask("PUT", RAND, body)
        assert answered.status == 413
        assert "deployment rand in web/staging" in answered.json["message"]
        assert "3000000" in answered.json["message"]
    assert site.get(RAND)["stages"]["deploy"]["status"] == {"status": "ok"}


def test_what_is_larger_still_is_refused_with_name_and_limit(site: Site) -> None:
    answered = site.ask("PUT", RAND, a_body(5 * 1024**2))
    assert answered.status == 413
    assert "deployment rand in web/staging" in answered.json["message"]
    assert str(5 * 1024**2) in answered.json["message"]
