"""A dialect whose paths have something before them from outside is served with it and without."""

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

import app
from chalicelib.http.app_context import context_of
from chalicelib.http.raw_request import RawRequest
from chalicelib.http.site.lazy_site import LazySite, Part
from tests.use_cases.access.access_ports import access_ports


def served(path: str) -> SimpleNamespace:
    site = LazySite(app.DIALECTS, context_of(access_ports))
    asked = RawRequest(method="GET", path=path, query={}, headers={}, content=b"", id="")
    reply = site.serve(asked)
    return SimpleNamespace(status=reply.status, text=str(reply.body))


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/list/namespaces", 401, "UNAUTHENTICATED"),
        ("/apps/deploy-api/v1/list/namespaces", 401, "UNAUTHENTICATED"),
        ("/apps/deploy-api/v2/task/list/templates/", 401, "UNAUTHENTICATED"),
        ("/apps/deploy-api", 404, "NOT_FOUND"),
        ("/apps/deploy-apiv1/list/namespaces", 404, "NOT_FOUND"),
        ("/apps/deploy-api/apps/deploy-api/v1/list/namespaces", 404, "NOT_FOUND"),
        ("/apps/deploy-api/api/v1/users", 404, "NOT_FOUND"),
        ("/v1/nowhere", 404, "NOT_FOUND"),
    ],
)
def test_what_stands_before_a_path_outside_is_taken_off_once(path: str, status: int, code: str) -> None:
    found = served(path)

    assert (found.status, code in found.text) == (status, True)


def test_the_paths_of_other_dialects_keep_their_beginning() -> None:
    assert '"message"' in served("/api/v1/users").text


def test_whoever_comes_while_a_dialect_is_being_imported_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_dialect.py").write_text("import time\ntime.sleep(0.3)\nOPERATIONS = ()\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    site = LazySite((Part(module="slow_dialect", prefixes=("/",)),), context_of(access_ports))

    with ThreadPoolExecutor(4) as threads:
        begun = [threads.submit(site.rows) for _ in range(4)]

    assert [one.result() for one in begun] == [()] * 4
    del sys.modules["slow_dialect"]
