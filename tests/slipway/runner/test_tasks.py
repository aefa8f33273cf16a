"""Jobs of workloads: what the platform assigns is run or kept; what is kept occupies no slot, and is handed back."""

from __future__ import annotations

from pathlib import Path

import pytest

from slipway.runner.sandbox.choice import defect_of
from slipway.runner.sandbox.walls import Kind, Sandbox, view_of
from slipway.runner.settings import ExecutorName
from tests.slipway.runner.conftest import FAST, Start
from tests.slipway.runner.platform import FakeJob, Json, Platform


def a_task(platform: Platform, duty: str, *cmd: str, **manifest: object) -> tuple[FakeJob, list[Json]]:
    """A job of a workload whose manifest the platform knows, and the reports of its pods."""
    job, reports = platform.add("task", workload="W1", settled=True), list[Json]()
    assignment = {
        "workload": "W1", "namespace": "night", "duty": duty, "secrets": {"KEY": "hunter2"},
        "manifest": {"type": "deployment" if duty == "keep" else "job", "name": "it", "cmd": list(cmd), **manifest},
    }  # fmt: skip

    def note(_path: str, body: object) -> tuple[int, object]:
        assert isinstance(body, dict)
        reports.append(body)
        return 200, {"noted": True}

    platform.more["POST", f"/api/v1/jobs/{job.id}/workload"] = lambda _path, _body: (200, assignment)
    platform.more["POST", f"/api/v1/jobs/{job.id}/pods"] = note
    return job, reports


def test_a_task_runs_with_its_secrets_which_its_log_hides(platform: Platform, start: Start) -> None:
    job, reports = a_task(platform, "run", "sh", "-c", 'echo "key $KEY"; test "$KEY" = hunter2')
    start(FAST, executor=ExecutorName.PROCESS)

    platform.await_end(job)

    assert job.outcome == "succeeded"
    assert "key ***" in "".join(job.said)
    assert "hunter2" not in "".join(job.said)
    assert [(pod["phase"], pod["exit_code"]) for pod in reports[-1]["pods"]] == [("Succeeded", 0)]


def test_what_is_kept_occupies_no_slot_and_is_handed_back_at_once(platform: Platform, start: Start) -> None:
    kept, reports = a_task(platform, "keep", "sleep", "1000")
    runner = start(FAST, executor=ExecutorName.PROCESS, slots=1)
    platform.wait(lambda: reports and reports[-1]["pods"][0]["ready"])

    beside = platform.script("echo beside")
    platform.await_end(beside)
    assert kept.phase == "leased"

    runner.drain()
    platform.wait(lambda: kept.phase == "waiting")
    assert reports[-1]["pods"][0]["phase"] == "Pending"


def test_a_runner_without_an_executor_breaks_a_task(platform: Platform, start: Start) -> None:
    job, _ = a_task(platform, "run", "true")
    start(FAST)

    platform.await_end(job)

    assert (job.outcome, job.ending["reason"]) == ("broken", "this runner has no executor for workloads")


@pytest.mark.parametrize("kind", [Kind.UNSHARE, Kind.BUBBLEWRAP])
def test_pods_run_in_the_sandbox_of_their_job_within_limits(
    platform: Platform, start: Start, tmp_path: Path, kind: Kind
) -> None:
    (tmp_path / "runner-token").write_text("secret")
    view = view_of(tmp_path, (tmp_path / "work", tmp_path / "runner-token"), {"HOME": str(tmp_path)}, ())
    if why := defect_of(kind, view, tmp_path / "work"):
        pytest.skip(why)
    look = f"cat {tmp_path}/runner-token; echo x > /etc/slipway-trial; ls /proc | grep -c '^[0-9]'; ulimit -d"
    job, _ = a_task(platform, "run", "sh", "-c", look, **{"memory-limit": "200Mi", "cpu-limit": "0.5"})
    start(FAST, executor=ExecutorName.PROCESS, sandbox=Sandbox(kind=kind, view=view))

    platform.await_end(job)

    said = "".join(job.said)
    assert job.outcome == "succeeded", said
    assert "secret" not in said
    assert "204800" in said
    assert not Path("/etc/slipway-trial").exists()
