"""The sessions in the docs work when pasted, against a platform that `slipway up` starts, and leave no file behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.kernel.releases.hook import Signed, signature
from tests.cloud import free_port

PAGES = Path("docs")
TOOLS = ("tar", "cmp", "dd", "sed", "curl", "jq", "sha256sum")
LONGEST_START = 60.0
LONGEST_WAIT = 90.0


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder in place of a checkout, in which sessions are pasted, and an environment in which a platform runs."""
    folder = tmp_path_factory.mktemp("session")
    checkout = folder / "checkout"
    checkout.mkdir()
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "SLIPWAY_HOME": str(folder / "data"),
        "SLIPWAY_PORT": str(free_port()),
        "SLIPWAY_AWS_PORT": str(free_port()),
        "PYTHONPATH": str(Path.cwd()),
        "PYTHONIOENCODING": "utf-8",
    }
    command = [sys.executable, "-m", "slipway.cli.main", "up"]
    with (folder / "up.log").open("w") as log:
        platform = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for(folder / "data" / "ready.json", platform)
        yield checkout, environment
    finally:
        platform.send_signal(signal.SIGTERM)
        platform.wait(30)


def _wait_for(ready: Path, platform: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + LONGEST_START
    while not ready.exists():
        assert platform.poll() is None, (ready.parent.parent / "up.log").read_text()
        assert time.monotonic() < deadline, "the platform does not come up"
        time.sleep(0.05)


def blocks(page: str, language: str = "sh") -> list[str]:
    """The blocks of a page that are to be pasted, as they stand there."""
    return re.findall(rf"^```{language}\n(.*?)^```", (PAGES / page).read_text(), re.DOTALL | re.MULTILINE)


def test_the_session_of_the_readme_works_when_pasted(shell: tuple[Path, dict[str, str]]) -> None:
    (session,) = blocks("../README.md")
    make_up, _, rest = session.partition("\n")
    said = pasted(shell, rest.replace(".venv/bin/slipway", "slipway"))

    assert make_up.startswith("make up ")
    assert "✓ web/hello#1" in said
    assert "greet │ hello from " in said


def pasted(shell: tuple[Path, dict[str, str]], text: str) -> str:
    """What a shell says to a session, which goes well and leaves no file in the checkout."""
    checkout, environment = shell
    before = files_in(checkout)
    # bash says apart what it does: what it waits for is asked for again and again, what is new is progress.
    done = checkout.parent / "done"
    told = said_by(f"exec 9> {done}\nBASH_XTRACEFD=9\nset -x\n{text}", environment, checkout, done)
    assert (told.returncode, told.stderr.count("error")) == (0, 0), told.stdout + told.stderr
    assert files_in(checkout) - before == set()
    return told.stdout


def said_by(text: str, environment: dict[str, str], folder: Path, done: Path) -> subprocess.CompletedProcess[str]:
    """What a shell has said, as soon as it has ended; it is stopped where nothing new has been done for long.

    done: where it writes what it does.
    """
    done.unlink(missing_ok=True)
    with (
        tempfile.TemporaryFile("w+") as given,
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
    ):
        given.write(text)
        given.seek(0)
        running = subprocess.Popen(["bash", "-e"], env=environment, cwd=folder, stdin=given, stdout=out, stderr=err)
        known, since = 0, time.monotonic()
        while running.poll() is None:
            lines = set(done.read_text(errors="replace").splitlines()) if done.exists() else set()
            if len(lines) > known:
                known, since = len(lines), time.monotonic()
            if time.monotonic() - since > LONGEST_WAIT:
                running.kill()
                running.wait()
                raise AssertionError("nothing new after:\n" + "\n".join(done.read_text().splitlines()[-20:]))
            time.sleep(0.1)
        for file in (out, err):
            file.seek(0)
        return subprocess.CompletedProcess(running.args, running.returncode, out.read(), err.read())


def files_in(folder: Path) -> set[str]:
    """The files of a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_a_session_that_leaves_a_file_in_the_checkout_is_found(shell: tuple[Path, dict[str, str]]) -> None:
    with pytest.raises(AssertionError, match="left-behind"):
        pasted(shell, "touch left-behind")


def test_a_session_that_waits_in_vain_is_stopped(
    shell: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.LONGEST_WAIT", 1.0)

    with pytest.raises(AssertionError, match="test -e never"):
        pasted(shell, "until test -e never; do sleep 0.1; done")
    assert pasted(shell, "for one in 1 2 3 4; do sleep 0.$((one + 3)); done; echo done") == "done\n"


def test_the_session_of_the_command_line_works_when_pasted(shell: tuple[Path, dict[str, str]]) -> None:
    said = pasted(shell, blocks("cli.md")[0])

    for line in ("greet │ hello from staging", "greet │ hello from production", "✓ shop/hello#1", "approved go in"):
        assert line in said
    assert "looks good" in said


@pytest.fixture(scope="module")
def state_session(shell: tuple[Path, dict[str, str]]) -> str:
    """What the first session of docs/state.md says."""
    return pasted(shell, blocks("state.md")[0])


def test_the_session_of_the_state_service_works_when_pasted(state_session: str) -> None:
    assert "approved go in store/delivery#1" in state_session
    for environment in ("staging", "production"):
        assert re.search(rf"^{environment} +door +store/door +0\.1\.1 +ok", state_session, re.MULTILINE)
    assert "\nnothing is deployed\n" in state_session
    actions = re.findall(r"^#\d +(\w+) +(0\.1\.\d) +ok", state_session, re.MULTILINE)
    assert actions == [("smoke", "0.1.1"), ("deploy", "0.1.1"), ("deploy", "0.1.0")]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the session is of curl")
@pytest.mark.usefixtures("state_session")
def test_the_session_over_http_works_when_pasted(shell: tuple[Path, dict[str, str]]) -> None:
    said = pasted(shell, blocks("state.md")[1])

    assert '"version":"0.1.2"' in said
    assert '"action":"deploy"' in said


@pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason="the sessions are of curl and jq")
def test_the_sessions_of_the_inventory_work_when_pasted_one_after_the_other(shell: tuple[Path, dict[str, str]]) -> None:
    first, presigned, hooked, paged = blocks("inventory.md")
    (listener,) = blocks("inventory.md", "python")
    kept = f"cat > listen.py <<'PYTHON'\n{listener}PYTHON\n"

    told = pasted(shell, first + presigned + kept + hooked + paged)

    for line in (
        "uploaded demo/app-v1.1",
        "└── needs demo/lib-v1.0",
        "└── needs it to build and deploy demo/app-v1.1",
        "demo/app:stable is demo/app-v1.0 now",
        "yanked demo/app-v1.1",
        "genuine demo/app-v1.2",
        '["1.2","1.1"]\n["1.0"]\n304\n',
    ):
        assert line in told


@pytest.mark.skipif(not all(map(shutil.which, ("curl", "jq"))), reason="the session is of curl and jq")
def test_the_session_of_buildmaster_works_when_pasted(shell: tuple[Path, dict[str, str]]) -> None:
    said = pasted(shell, blocks("buildmaster.md")[0])

    for line in (
        "succeeded build 1 in Integration",
        "gate admin is not met",
        "waits for 1 approval by user admin",
        "succeeded build 1 in Production",
        "shop 1.0.1 goes to Production.example.com",
        "failed build 1 in Integration",
        '{"number":"1.1","status":"canceled","furthestBuildNumber":null}',
        '{"releaseNumber":"1.1","number":"1","status":"rejected","furthestStage":"Integration"}',
        '{"releaseNumber":"1.0","number":"1","status":"deployed","furthestStage":"Production"}',
        '{"releaseNumber":null,"number":"1","pipelineName":"Standard"}',
        "shop nightly goes to shop.test",
    ):
        assert line in said
    assert re.search(r"corner-shop/1\.1 .* active ", said)
    assert re.search(r"corner-shop/Standard#3 +succeeded", said)
    assert re.search(r"^production +corner-shop +_/corner-shop +1 +ok", said, re.MULTILINE)
    assert re.search(r"^ +deploy +_/corner-shop-v1 +failed ", said, re.MULTILINE)


@pytest.mark.skipif(not all(map(shutil.which, ("curl", "jq"))), reason="the session is of curl and jq")
def test_the_session_of_flexdeploy_works_when_pasted(shell: tuple[Path, dict[str, str]]) -> None:
    said = pasted(shell, blocks("flexdeploy.md")[0])

    for line in (
        '"userName":"tess"',
        '{"version":1,"status":"ACTIVE"}',
        '{"next":["2026-01-05T12:00:00Z","2026-01-06T12:00:00Z"]}',
        '["DEV","SUCCESSFUL",null]',
        '["LIVE","RUNNING_GATES","review"]',
        '"code":"FORBIDDEN"',
        '{"status":"APPROVED","gateName":"review","decidedBy":"tess","notes":"reads well"}',
        '{"stepName":"look","stepStatus":"SUCCESSFUL"}',
        '["LIVE","SUCCESSFUL",null]',
        '"furthestStage":"Live site"',
    ):
        assert line in said


@pytest.mark.skipif(not all(map(shutil.which, ("curl", "jq", "git"))), reason="the session is of curl, jq and git")
def test_the_session_of_the_deploy_api_works_when_pasted(shell: tuple[Path, dict[str, str]]) -> None:
    said = pasted(shell, blocks("deploy-api.md")[0])

    for line in (
        '["job","letter","SUCCEEDED"]',
        "\na report for Grace\n",
        '["cronjob","nightly","SCHEDULED"]',
        '["deployment","worker","AVAILABLE"]',
        '["service","hello","AVAILABLE"]\nhello from hello-0\n',
        '["FAILED",{"load":"FAILED"},{"report":"SKIPPED"},{"clean":"SUCCEEDED"}]',
        "ehco: not found",
        '["SUCCEEDED",{"load":"SUCCEEDED"},{"report":"SUCCEEDED"},{"clean":"SUCCEEDED"}]',
        '"KILLING"\n["KILLED",{"wait":"KILLED"},{"clean":"SUCCEEDED"}]',
        '"cronJobs":[["nightly","SCHEDULED"]],"deployments":[["worker","AVAILABLE"]],"services":[["hello","AVAILABLE"]]',
        '["long","KILLED"]\n["night","SUCCEEDED"]\n',
        '{"path":"colour","message":"unknown key"}',
        '["service","hello"]\n["deployment","hello"]\n',
        '["service","hello","DELETED"]\nnothing is deployed\n',
    ):
        assert line in said


def test_a_call_of_a_hook_is_verified_as_the_page_says() -> None:
    (listener,) = blocks("inventory.md", "python")
    held: dict[str, Any] = {"__name__": "listen"}
    exec(listener, held)  # noqa: S102 - what the page shows
    body, secret, now = b'{"release": "demo/app-v1.2"}', "whsec_c2VjcmV0", int(time.time())

    def headers(at: int, by: str) -> dict[str, str]:
        signed = Signed(id="msg_1", at=at, body=body)
        told = {"webhook-id": "msg_1", "webhook-timestamp": str(at)}
        return {**told, "webhook-signature": f"v1,other {signature(by, signed)}"}

    assert held["is_genuine"](secret, headers(now, secret), body)
    assert not held["is_genuine"](secret, headers(now, "whsec_b3RoZXI="), body)
    assert not held["is_genuine"](secret, headers(now, secret), body + b" ")
    assert not held["is_genuine"](secret, headers(now - 3600, secret), body)
