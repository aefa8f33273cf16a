"""The runner at work in this process, against a platform in memory."""

from __future__ import annotations

import os
import threading
import time
from functools import partial
from pathlib import Path

from slipway.runner.loop import Tuning
from tests.slipway.runner.conftest import Start
from tests.slipway.runner.platform import SOON, TOKEN, Platform


def test_a_script_runs_and_its_outputs_arrive(platform: Platform, start: Start) -> None:
    job = platform.script('echo "{\\"port\\": \\"$PORT\\"}" > "$SLIPWAY_OUTPUTS"', environment={"PORT": "81"})

    start()
    platform.await_end(job)

    assert (job.outcome, job.ending["outputs"]) == ("succeeded", {"port": "81"})


def test_a_script_that_warns_succeeds_and_says_so(platform: Platform, start: Start) -> None:
    job = platform.script("echo 'WARN: the disk is nearly full'")
    start()
    platform.await_end(job)
    assert (job.outcome, job.ending["outputs"]) == ("succeeded", {"warned": "true"})


def test_a_script_that_exits_badly_has_failed_and_says_how(platform: Platform, start: Start) -> None:
    job = platform.script("exit 3")

    start()
    platform.await_end(job)

    assert (job.outcome, job.ending["reason"]) == ("failed", "exit code 3")


def test_a_silent_job_costs_two_calls(platform: Platform, start: Start) -> None:
    jobs = [platform.script("true") for _ in range(5)]

    start(slots=1)
    platform.await_end(*jobs)

    assert platform.calls[:1] == ["POST /api/v1/jobs/lease"]
    verbs = [call.rpartition("/")[2] for call in platform.calls[1:11]]
    assert verbs == ["heartbeat", "finish"] * 5


def test_the_log_keeps_its_order(platform: Platform, start: Start) -> None:
    job = platform.script("i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done; sleep 0.3; echo end")

    start()
    platform.await_end(job)

    assert job.said == [f"line {number}" for number in range(3000)] + ["end"]
    assert len(job.log) < 60


def test_what_others_add_to_the_log_stands_between_and_nothing_is_lost(platform: Platform, start: Start) -> None:
    job = platform.script("echo one; sleep 0.5; echo two; sleep 0.5; echo three")

    start()
    for count in (1, 3):
        platform.wait(partial(lambda count: len(job.log) == count, count))
        job.log.append({"stream": "note", "text": f"after {count}\n", "at": ""})
    platform.await_end(job)

    assert (job.outcome, job.said) == ("succeeded", ["one", "after 1", "two", "after 3", "three"])


def test_the_log_is_there_while_the_job_runs(platform: Platform, start: Start) -> None:
    job = platform.script("echo begun; sleep 30")

    start()
    platform.wait(lambda: job.said == ["begun"])

    assert job.phase == "leased"
    job.cancel = True
    platform.await_end(job)


def test_tokens_of_the_runner_and_the_job_are_masked_in_the_log(platform: Platform, start: Start) -> None:
    job = platform.script(f"echo {TOKEN} sw_job; printf %s {TOKEN} | base64", api_token=True)

    start()
    platform.await_end(job)

    assert job.said == ["*** ***", "***"]


def test_a_reason_that_repeats_a_secret_is_masked(platform: Platform, start: Start, repository: Path) -> None:
    job = platform.add("build", repository=str(repository), branch="sesame", steps=[{}], password="sesame")

    start(local_repositories=True)
    platform.await_end(job)

    assert job.ending["reason"] == "git clone: fatal: Remote branch *** not found in upstream origin"


def test_secrets_are_masked_in_the_log(platform: Platform, start: Start) -> None:
    job = platform.script('echo "the word is $WORD"', secrets={"WORD": "open-sesame"})

    start()
    platform.await_end(job)

    assert job.said == ["the word is ***"]


def test_a_script_that_asks_for_a_token_calls_the_api_as_its_job(platform: Platform, start: Start) -> None:
    job = platform.script(
        'test "$SLIPWAY_TOKEN" = sw_job && echo "$SLIPWAY_TOKEN" && echo "${SLIPWAY_API%:*}"', api_token=True
    )

    start()
    platform.await_end(job)

    assert (job.outcome, job.said) == ("succeeded", ["***", "http://127.0.0.1"])


def test_scripts_do_not_see_what_the_runner_knows(platform: Platform, start: Start) -> None:
    job = platform.script("env")

    start()
    platform.await_end(job)

    names = {line.partition("=")[0] for line in job.said}
    assert TOKEN not in "".join(job.said)
    assert names <= {
        "PATH", "LANG", "TZ", "USER", "LOGNAME", "TERM", "TMPDIR", "HOME", "PWD", "OLDPWD", "_", "SHLVL", "LC_ALL",
        "LC_CTYPE",
        "SLIPWAY_JOB", "SLIPWAY_RUN", "SLIPWAY_PROJECT", "SLIPWAY_ENVIRONMENT", "SLIPWAY_ATTEMPT", "SLIPWAY_OUTPUTS",
        "SLIPWAY_LEASE", "LANGUAGE", "SSL_CERT_FILE", "SSL_CERT_DIR", "NO_PROXY", "no_proxy", "HTTP_PROXY",
        "HTTPS_PROXY", "http_proxy", "https_proxy",
    }  # fmt: skip


def test_every_lease_has_a_fresh_folder_which_is_gone_afterwards(
    platform: Platform, start: Start, tmp_path: Path
) -> None:
    jobs = [platform.script("ls; touch litter; pwd") for _ in range(3)]

    runner = start(slots=1)
    platform.await_end(*jobs)
    assert runner.is_idle(SOON)

    assert [job.said for job in jobs] == [[str(tmp_path / "work" / f"{job.id}-1")] for job in jobs]
    assert list((tmp_path / "work").iterdir()) == []


def test_a_cancelled_job_ends_with_everything_it_started(platform: Platform, start: Start, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    job = platform.script(
        f"echo $$ >> {pids}; (trap '' TERM; setsid sh -c 'echo $$ >> {pids}; exec sleep 60') & sleep 60"
    )

    start()
    platform.wait(lambda: pids.exists() and len(pids.read_text().split()) == 2)
    job.cancel = True
    platform.await_end(job)

    assert job.outcome == "cancelled"
    assert not any(is_alive(int(pid)) for pid in pids.read_text().split())


def test_a_job_that_takes_too_long_has_failed(platform: Platform, start: Start) -> None:
    job = platform.script("sleep 60", timeout=0.5)

    start()
    platform.await_end(job)

    assert (job.outcome, job.ending["reason"]) == ("failed", "not done after 0.5 seconds")


def test_a_lost_lease_kills_its_job_and_says_nothing_more(platform: Platform, start: Start, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    job = platform.script(f"trap '' TERM; echo $$ > {pids}; while true; do echo on; sleep 0.05; done")

    runner = start()
    platform.wait(lambda: job.said)
    job.phase = "ended"
    assert runner.is_idle(SOON)

    said = len(job.log)
    assert not is_alive(int(pids.read_text()))
    time.sleep(0.3)
    assert (len(job.log), job.ending) == (said, {})


def test_a_job_of_an_unknown_kind_is_broken(platform: Platform, start: Start) -> None:
    job = platform.add("dance")

    start()
    platform.await_end(job)

    assert (job.outcome, job.ending["reason"]) == ("broken", "this runner does not know jobs of kind dance")


def test_variables_that_cannot_be_are_named_all_at_once(platform: Platform, start: Start) -> None:
    job = platform.script("true", environment={"A=B": "x", "GOOD": "x", "N": 1})

    start()
    platform.await_end(job)

    assert (job.outcome, job.ending["reason"]) == ("broken", "environment: no variables can be 'A=B', 'N'")


def test_outputs_that_are_no_strings_fail_the_job(platform: Platform, start: Start) -> None:
    job = platform.script('echo \'{"a": 1, "b": "x", "c": []}\' > "$SLIPWAY_OUTPUTS"')

    start()
    platform.await_end(job)

    assert job.ending["reason"] == "outputs: 'a' is not a string; 'c' is not a string"


def test_a_busy_platform_is_asked_again(platform: Platform, start: Start) -> None:
    platform.broken = {"/lease": 1, "/logs": 2, "/finish": 1, "/heartbeat": 2}
    job = platform.script("echo one; sleep 0.5; echo two")

    start()
    platform.await_end(job)

    assert (job.outcome, job.said) == ("succeeded", ["one", "two"])


def test_a_job_handed_back_before_goes_on_with_its_log(platform: Platform, start: Start) -> None:
    job = platform.script("echo again")
    job.number, job.log = 1, [{"stream": "out", "text": "before\n", "at": ""}]

    start()
    platform.await_end(job)

    assert job.said == ["before", "again"]


def test_the_heart_beats_while_all_slots_are_busy(platform: Platform, start: Start, tmp_path: Path) -> None:
    enough = tmp_path / "enough"
    busy = f"n=0; while [ $n -lt 50000 ]; do n=$((n+1)); done; until [ -e {enough} ]; do sleep 0.05; done"
    jobs = [platform.script(busy) for _ in range(4)]

    start(slots=4)
    platform.wait(lambda: all(job.beats >= 6 for job in jobs))
    enough.touch()
    platform.await_end(*jobs)

    assert [job.outcome for job in jobs] == ["succeeded"] * 4


def test_many_small_jobs_all_end_well(platform: Platform, start: Start) -> None:
    jobs = [platform.script("true") for _ in range(200)]

    start(Tuning(poll=0.3))
    platform.await_end(*jobs)

    assert [job.outcome for job in jobs] == ["succeeded"] * 200


def is_alive(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_runner_that_is_closed_leaves_no_worker_behind(platform: Platform, start: Start) -> None:
    jobs = [platform.script("sleep 60") for _ in range(2)]
    runner = start(slots=2)
    platform.wait(lambda: all(job.began_at for job in jobs))

    runner.close()

    assert not [thread for thread in threading.enumerate() if thread.name == "worker"]
