"""`slipway run`: seeing, watching, following logs and deciding, against recorded answers."""

import json
import re

import pytest

from tests.slipway.cli.recorded_api import Answer, RecordedApi, Shell
from tests.slipway.cli.runs import a_node, a_run, a_stage

RUN = "/api/v1/runs/R1"
RUNS = "/api/v1/projects/shop/runs"


def ended(phase: str) -> dict[str, object]:
    return a_run(phase, a_stage("s", phase, a_node("n", phase)), version=2)


RUNNING = a_run("running", a_stage("s", "running", a_node("n", "running")))
WAITING = a_run(
    "gates", a_stage("production", "gates", a_node("go", "waiting-person", kind="gate", key="g1"), number=3), version=2
)


@pytest.mark.parametrize(
    ("phase", "code"),
    [("succeeded", 0), ("failed", 1), ("broken", 1), ("rejected", 1), ("superseded", 1), ("cancelled", 2)],
)
def test_watch_exits_with_the_outcome(api: RecordedApi, slipway: Shell, phase: str, code: int) -> None:
    api.on(f"GET {RUN}", RUNNING, ended(phase))

    result = slipway("run", "watch", "R1")

    assert result.exit_code == code
    assert phase in result.stdout
    assert "\x1b" not in result.stdout


def test_watch_prints_changes_line_by_line_without_a_terminal(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", RUNNING, RUNNING, ended("succeeded"))

    lines = slipway("run", "watch", "R1").stdout.splitlines()

    assert [re.split("[●✓] | after", line)[1] for line in lines] == [
        "shop/delivery#7: running (by ann)",
        "s: running",
        "s / n: running",
        "shop/delivery#7: succeeded",
        "s: succeeded",
        "s / n: succeeded",
    ]


def test_watch_in_json_is_a_line_for_each_change(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", RUNNING, RUNNING, ended("failed"))

    result = slipway("run", "watch", "R1", "--json")

    assert [json.loads(line)["phase"] for line in result.stdout.splitlines()] == ["running", "failed"]
    assert result.exit_code == 1


def test_watch_ends_early_at_a_gate_and_says_how_to_go_on(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", RUNNING, WAITING)

    result = slipway("run", "watch", "R1", "--until", "gate")

    assert result.exit_code == 0
    assert 'slipway run approve "shop/delivery#7" "go"' in result.stderr


@pytest.mark.parametrize("until", ["waiting-person", "production", "go"])
def test_watch_ends_early_in_a_phase_or_at_a_name(api: RecordedApi, slipway: Shell, until: str) -> None:
    api.on(f"GET {RUN}", RUNNING, WAITING)

    assert slipway("run", "watch", "R1", "--until", until).exit_code == 0


def test_a_run_that_ends_well_without_what_was_awaited_is_a_failure(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", ended("succeeded"))

    assert slipway("run", "watch", "R1", "--until", "gate").exit_code == 1


def test_a_child_that_may_not_be_seen_does_not_stop_the_watch(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", a_run("succeeded", a_stage("s", "succeeded", a_node("n", "succeeded", child="C9"))))

    assert slipway("run", "watch", "R1").exit_code == 0


def test_a_run_is_found_by_its_pipeline_and_number(api: RecordedApi, slipway: Shell) -> None:
    other = a_run("failed", id="R3", name="nightly", run_nr=9)
    api.on(f"GET {RUNS}", [other, a_run("running", id="R2", run_nr=8), a_run("failed", run_nr=7)])
    api.on(f"GET {RUN}", ended("failed"))
    api.on("GET /api/v1/runs/R2", a_run("running", id="R2", run_nr=8))

    latest = slipway("run", "show", "shop/delivery", "--json")
    numbered = slipway("run", "show", "shop/delivery#7", "--json")

    assert json.loads(latest.stdout)["id"] == "R2"
    assert json.loads(numbered.stdout)["id"] == "R1"


def test_a_run_is_sought_page_by_page(api: RecordedApi, slipway: Shell) -> None:
    page = [a_run("failed", id=f"R{number}", run_nr=number) for number in range(60, 10, -1)]
    api.on(f"GET {RUNS}", page, [a_run("failed", id="R1", run_nr=1)])
    api.on(f"GET {RUN}", ended("failed"))

    assert slipway("run", "show", "shop/delivery#1").exit_code == 0
    assert [one.query.get("page_from") for one in api.asked[:2]] == [None, "R11"]


def test_a_run_of_a_job_is_found_by_its_environment(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUNS}", [a_run("failed", kind="deployment-job", environment="staging", name="shop/web")])
    api.on(f"GET {RUN}", ended("failed"))

    assert slipway("run", "show", "shop/staging/shop/web").exit_code == 0
    assert api.asked[0].query["kind"] == "deployment-job"


KINDS = ("build", "deployment-job")


def of_both_kinds(api: RecordedApi) -> None:
    """A build and a deployment job of one name, each with a run of this number."""
    found = [a_run("failed", id=one, kind=one, environment="staging", name="api", run_nr=6) for one in KINDS]
    api.on(f"GET {RUNS}", found)
    api.on("GET /api/v1/runs", {"items": found, "next": None})
    for one in found:
        api.on(f"GET /api/v1/runs/{one['id']}", one)


@pytest.mark.parametrize("kind", KINDS)
def test_a_printed_reference_opens_its_own_run(api: RecordedApi, slipway: Shell, kind: str) -> None:
    of_both_kinds(api)
    table = slipway("run", "list", "-p", "shop", "--kind", kind).stdout
    reference = f"{kind}:shop/staging/api#6"
    assert reference in table
    assert json.loads(slipway("run", "show", reference, "--json").stdout)["id"] == kind


@pytest.mark.parametrize("kind", ["task", "task-pipeline"])
def test_runs_of_the_deploy_api_are_listed_and_opened_by_their_printed_reference(
    api: RecordedApi, slipway: Shell, kind: str
) -> None:
    found = a_run("failed", id="r1", kind=kind, environment="night", name="long", run_nr=6)
    api.on(f"GET {RUNS}", [found])
    api.on("GET /api/v1/runs", {"items": [found], "next": None})
    api.on("GET /api/v1/runs/r1", found)

    table = slipway("run", "list", "-p", "shop", "--kind", kind).stdout
    shown = slipway("run", "show", f"{kind}:shop/night/long#6", "--json").stdout

    assert f"{kind}:shop/night/long#6" in table
    assert json.loads(shown)["id"] == "r1"
    assert {one.query["kind"] for one in api.asked if "kind" in one.query} == {kind}


@pytest.mark.parametrize("number", ["", "#6"])
@pytest.mark.parametrize("command", ["show", "logs", "retry", "cancel"])
def test_a_reference_to_two_runs_is_refused_with_both(
    api: RecordedApi, slipway: Shell, command: str, number: str
) -> None:
    of_both_kinds(api)
    result = slipway("run", command, f"shop/staging/api{number}")
    assert result.exit_code == 64
    assert all(f"{kind}:shop/staging/api#6" in result.stderr for kind in KINDS)


def test_a_job_may_be_named_in_short(api: RecordedApi, slipway: Shell) -> None:
    of_both_kinds(api)
    assert json.loads(slipway("run", "show", "job:shop/staging/api", "--json").stdout)["id"] == "deployment-job"


def test_a_run_that_is_not_there_is_not_found(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUNS}", [])

    result = slipway("run", "show", "shop/delivery#4")

    assert result.exit_code == 3
    assert "no run #4 of delivery in project shop" in result.stderr
    assert "slipway run list -p shop" in result.stderr


def test_a_run_that_is_about_to_begin_is_waited_for(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUNS}", [], [a_run("failed")])
    api.on(f"GET {RUN}", ended("failed"))

    assert slipway("run", "watch", "shop/delivery#7", "--start-within", "20").exit_code == 1
    assert slipway("run", "watch", "shop/delivery#8", "--start-within", "0.1").exit_code == 3


def test_a_list_is_a_table_or_json_by_one_request(api: RecordedApi, slipway: Shell) -> None:
    waits = {"stage": "production", "name": "go"}
    summary = a_run("running", id="R2", awaits=[waits], counts={"waiting-person": 1})
    api.on("GET /api/v1/runs", {"items": [ended("failed"), summary], "next": "R2"})

    table, data = slipway("run", "list", "--limit", "2"), slipway("--json", "run", "list", "-p", "shop", "--limit", "2")

    assert table.stdout.splitlines()[0].split() == ["RUN", "PHASE", "BEGAN", "TOOK", "BY", "REASON", "ID"]
    assert "shop/delivery#7" in table.stdout
    assert "waits at production/go" in table.stdout
    assert [one["id"] for one in json.loads(data.stdout)] == ["R1", "R2"]
    assert [one.path for one in api.asked] == ["/api/v1/runs"] * 2


def test_the_filters_of_a_list_are_the_platforms(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /api/v1/runs", {"items": [], "next": "R9"}, {"items": [], "next": None})
    filters = {"project": "shop", "status": "failed", "release": "a/b", "environment": "production", "by": "me"}
    options = [word for name, value in filters.items() for word in (f"--{name}", value)]

    result = slipway("run", "list", "--kind", "any", *options, "--since", "2030-05-01T12:00:00Z", "--waiting-for-me")

    assert result.exit_code == 0
    more = {"since": "2030-05-01T12:00:00+00:00", "waiting_for": "me", "page_size": "20"}
    assert [one.query for one in api.asked] == [{**filters, **more}, {**filters, **more, "page_from": "R9"}]


def test_approval_goes_to_what_waits_with_its_notes(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", WAITING)
    api.on(f"POST {RUN}/decisions", RUNNING)

    result = slipway("run", "approve", "R1", "--notes", "looks good")

    assert result.exit_code == 0
    assert api.last("POST").body == {"decision": "approve", "node": "g1", "execution": 3, "notes": "looks good"}
    assert result.stdout == "approved go in shop/delivery#7, which is now: running\n"


def test_what_waits_in_a_run_within_the_run_is_decided_there(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", a_run("running", a_stage("s", "running", a_node("n", "running", child="C1"))))
    api.on("GET /api/v1/runs/C1", {**WAITING, "id": "C1"})
    api.on("POST /api/v1/runs/C1/decisions", ended("rejected"))

    assert slipway("run", "reject", "R1", "go").exit_code == 0
    assert api.last("POST").body["decision"] == "reject"


def test_of_several_that_wait_one_must_be_named(api: RecordedApi, slipway: Shell) -> None:
    gates = [a_node(name, "waiting-person", kind="gate") for name in ("go", "really")]
    api.on(f"GET {RUN}", a_run("gates", a_stage("s", "gates", *gates)))
    api.on(f"POST {RUN}/decisions", RUNNING)

    unnamed, named = slipway("run", "approve", "R1"), slipway("run", "approve", "R1", "really")

    assert unnamed.exit_code == 1
    assert '"go", "really"' in unnamed.stderr
    assert named.exit_code == 0


def test_the_platform_has_the_last_word_about_what_waits(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", RUNNING)
    api.refuse(f"POST {RUN}/decisions", 409, "nothing in run R1 waits for a decision")

    result = slipway("run", "override", "R1")

    assert result.exit_code == 1
    assert "nothing in run R1 waits for a decision" in result.stderr


def test_who_may_not_decide_is_told_so(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", WAITING)
    api.refuse(f"POST {RUN}/decisions", 403, "go is for team leads to decide")

    result = slipway("run", "approve", "R1")

    assert result.exit_code == 4
    assert "go is for team leads to decide" in result.stderr


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (("cancel", "R1"), {"act": "cancel", "notes": ""}),
        (("retry", "R1", "--notes", "x"), {"act": "retry", "notes": "x"}),
        (("replay", "R1"), {"act": "replay", "notes": ""}),
        (("replay", "R1", "production"), {"act": "replay", "notes": "", "execution": 3}),
        (("abort", "R1", "production"), {"act": "abort", "notes": "", "execution": 3}),
        (("promote", "R1", "live"), {"act": "promote", "notes": "", "stage": "live"}),
        (("promote", "R1", "live", "--if-met"), {"act": "promote", "notes": "", "stage": "live", "mode": "if-met"}),
        (("promote", "R1", "live", "--force"), {"act": "promote", "notes": "", "stage": "live", "mode": "forced"}),
        (
            ("promote", "R1", "live", "--at", "2030-05-01T12:00:00Z"),
            {"act": "promote", "notes": "", "stage": "live", "begin_at": "2030-05-01T12:00:00+00:00"},
        ),
    ],
)
def test_acts_are_sent_as_they_are_meant(
    api: RecordedApi, slipway: Shell, words: tuple[str, ...], body: dict[str, object]
) -> None:
    api.on(f"GET {RUN}", WAITING)
    api.on(f"POST {RUN}/acts", ended("cancelled"))

    assert slipway("run", *words).exit_code == 0
    assert api.last("POST").body == body


def test_what_a_run_carried_is_redeployed_to_stages_of_it(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {RUN}/redeploy", ended("succeeded"))

    result = slipway("run", "redeploy", "R1", "production", "live", "--if-met", "--notes", "back")

    assert (result.exit_code, result.stdout.startswith("redeploys R1 by")) == (0, True)
    assert api.last("POST").body == {"stages": ["production", "live"], "notes": "back", "mode": "if-met"}


def test_an_approval_is_taken_back(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {RUN}/decisions", RUNNING)

    assert slipway("run", "revoke", "R1", "go").exit_code == 0
    assert api.last("POST").body == {"decision": "revoke", "notes": "", "node": "go"}


def test_a_stage_that_has_not_begun_cannot_be_replayed(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", WAITING)

    result = slipway("run", "replay", "R1", "later")

    assert result.exit_code == 3
    assert "begun are: production" in result.stderr


def a_chunk(seq: int, text: str) -> dict[str, object]:
    return {"seq": seq, "at": "2030-05-01T12:00:00+00:00", "stream": "out", "text": text}


def a_logged_run(phase: str) -> dict[str, object]:
    build = a_stage("build", "succeeded", a_node("make", "succeeded", log="J1", took=(0, 1)))
    deploy = a_stage("live", phase, a_node("web", phase, child="C1", took=(2, 3)), number=2)
    return a_run(phase, build, deploy)


def a_logged_child(phase: str) -> dict[str, object]:
    return a_run(phase, a_stage("job", phase, a_node("deploy", phase, log="J2", took=(2, 3))), id="C1")


def test_logs_are_followed_across_steps_and_runs_within(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", a_logged_run("running"), a_logged_run("failed"))
    api.on("GET /api/v1/runs/C1", a_logged_child("running"), a_logged_child("failed"))
    api.on("GET /api/v1/job-logs/J1", [a_chunk(1, "one\ntw"), a_chunk(2, "o\n")])
    api.on("GET /api/v1/job-logs/J2", [a_chunk(1, "three")], [a_chunk(2, " more\nend")])

    result = slipway("run", "logs", "R1", "-f")

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "build/make │ one",
        "build/make │ two",
        "live/web/deploy │ three more",
        "live/web/deploy │ end",
    ]
    assert [one.query["after"] for one in api.asked if one.path.endswith("J2")] == ["0", "1"]


def test_the_log_of_one_step_is_asked_for_alone(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", a_logged_run("succeeded"))
    api.on("GET /api/v1/runs/C1", a_logged_child("succeeded"))
    api.on("GET /api/v1/job-logs/J1", [a_chunk(1, "one\n")])

    result, unknown = slipway("run", "logs", "R1", "make"), slipway("run", "logs", "R1", "bake")

    assert result.stdout == "build/make │ one\n"
    assert unknown.exit_code == 1
    assert "its steps: deploy, make, web" in unknown.stderr


def test_logs_of_a_step_are_asked_for_by_stage_and_step(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", a_logged_run("failed"))
    api.on("GET /api/v1/runs/C1", a_logged_child("failed"))
    api.on("GET /api/v1/job-logs/J1", [a_chunk(1, "one\n")])
    api.on("GET /api/v1/job-logs/J2", [a_chunk(1, "two\n")])

    assert slipway("run", "logs", "R1", "build/make").stdout == "build/make │ one\n"
    assert slipway("run", "logs", "R1", "live/web").stdout == "live/web/deploy │ two\n"
    assert slipway("run", "logs", "R1", "job/deploy").stdout == "live/web/deploy │ two\n"
    assert slipway("run", "logs", "R1", "--failed").stdout == "live/web/deploy │ two\n"
    assert slipway("run", "logs", "R1", "live/make").exit_code == 1


def test_the_last_lines_are_read_from_the_end(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", a_logged_run("succeeded"))
    api.on("GET /api/v1/runs/C1", a_logged_child("succeeded"))
    api.on("GET /api/v1/job-logs/J1", [a_chunk(8, "b\nc\n"), a_chunk(9, "d")], [a_chunk(7, "0\na\n")])

    shown = slipway("run", "logs", "R1", "make", "--tail", "3", "--timestamps").stdout.splitlines()

    assert [line.split(" │ ")[1].split("+")[1].split(" ")[1] for line in shown] == ["b", "c", "d"]
    assert shown[0].startswith("build/make │ 2030-05-01 1")
    asked = [one.query for one in api.asked if one.path.endswith("J1")]
    assert asked == [{"before": "1000000000", "limit": "200"}, {"before": "8", "limit": "200"}]


def test_lines_that_match_are_printed_alone(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", a_logged_run("succeeded"))
    api.on("GET /api/v1/runs/C1", a_logged_child("succeeded"))
    api.on("GET /api/v1/job-logs/J1", [a_chunk(1, "ok 1\nerr"), a_chunk(2, "or 2\nerror 3\nok\n")])

    assert slipway("run", "logs", "R1", "make", "--grep", "err").stdout.splitlines() == [
        "build/make │ error 2",
        "build/make │ error 3",
    ]
    (line,) = slipway("run", "logs", "R1", "make", "--grep", "err", "--tail", "1", "--json").stdout.splitlines()
    assert json.loads(line) == {"step": "build/make", "job": "J1", **a_chunk(2, "error 3")}
    assert slipway("run", "logs", "R1", "--grep", "(").exit_code == 64


def test_all_pages_of_a_log_are_read_however_short_they_are(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", a_logged_run("succeeded"))
    api.on("GET /api/v1/runs/C1", a_logged_child("succeeded"))
    head = {"X-Head": "2"}
    first, second = ([a_chunk(1, "one\n")], [a_chunk(2, "two\n")])
    api.on("GET /api/v1/job-logs/J1", Answer(body=first, headers=head), Answer(body=second, headers=head))

    assert slipway("run", "logs", "R1", "make").stdout == "build/make │ one\nbuild/make │ two\n"


def test_a_run_is_folded_again(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", a_run("succeeded"))
    same = {"run": "R1", "folds": 7, "same": True, "differs": []}
    api.on(f"GET {RUN}/refold", same, {**same, "same": False, "differs": ["phase", "stages[0].phase"]})

    first, second = slipway("run", "refold", "R1"), slipway("run", "refold", "R1")

    assert (first.exit_code, first.stdout) == (0, "the same comes out of 7 folds\n")
    assert (second.exit_code, second.stdout) == (1, "another result comes out:\nphase\nstages[0].phase\n")


def test_logs_in_json_are_chunks_with_their_step(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", a_logged_run("succeeded"))
    api.on("GET /api/v1/job-logs/J1", [a_chunk(1, "one\n")])

    (line,) = slipway("run", "logs", "R1", "make", "--json").stdout.splitlines()

    assert json.loads(line) == {"step": "build/make", "job": "J1", **a_chunk(1, "one\n")}


def test_a_log_cannot_command_the_terminal(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", a_logged_run("succeeded"))
    api.on("GET /api/v1/job-logs/J1", [a_chunk(1, "\x1b[31mred\x1b[0m\x1b]0;owned\x07\x1b[2J\t50 %\r100 %\n")])

    assert slipway("run", "logs", "R1", "make").stdout == "build/make │ 100 %\n"


def test_an_answer_that_is_no_run_is_an_error(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {RUN}", Answer(body=b"<html>"))

    assert slipway("run", "show", "R1").exit_code == 69
