"""What a stage runs, what it is shown, and what it leaves behind."""

from pathlib import Path

import pytest

from slipway.perform.deployment import DeploymentRequest, smoke
from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.perform.scripts import architecture
from slipway.plan.defects import PlanError
from slipway_formats.build_step import BuildStep
from tests.slipway.perform.workplace import PLACE, Workplace

BUILD_ONLY = BuildStep(run_destroy=False, run_tests=False, run_deploy=False, push_release=False)
NO_CHECKS = BuildStep(run_destroy=False, run_tests=False)
HEAD = "name: demo/app\nversion: '1.0'\n"


def test_every_form_of_a_stage_runs(place: Workplace) -> None:
    plan = HEAD + (
        "pre_build: 'echo as command'\nbuild: {cmd: echo, args: ['a b', $HOME]}\n"
        "post_build: {inline: 'echo inline $1'}\n"
        "test: ./test.sh\n"
    )
    place.release(plan, {"test.sh": "echo script $1; pwd"}, BuildStep(run_destroy=False, run_deploy=False))
    assert place.said[:4] == ["as command", "a b $HOME", "inline .escape/outputs.json", "script .escape/outputs.json"]
    assert place.said[4].endswith("folder1")


def test_a_script_needs_no_mode_and_no_hash_bang(place: Workplace) -> None:
    folder = place.folder(HEAD + "build: 'a b.txt'\n", {"a b.txt": "echo fine\n"})
    place.perform(folder, BUILD_ONLY)
    assert place.said == ["fine"]


def test_what_is_built_is_packaged_though_it_was_not_there_before(place: Workplace) -> None:
    plan = HEAD + "generates: ['out/*', 'missing*']\nbuild: build.sh\ndeploy: out/deploy.sh\n"
    files = {"build.sh": "mkdir -p out; printf '#!/bin/sh\\necho generated' > out/deploy.sh; echo x > out/.hidden"}
    place.release(plan, files, BuildStep(run_tests=False, run_destroy=False))
    assert sorted(place.inventory.releases["demo", "app", "1.0"]["files"]) == [
        "build.sh", "out/.hidden", "out/deploy.sh",
    ]  # fmt: skip
    assert place.said == ["generated"]


def test_includes_never_take_our_own_files(place: Workplace) -> None:
    files = {"a.txt": "", ".git/config": "", "sub/b.txt": "", "sub/.git/x": "", ".hidden": "", "deps/p/n/x": ""}
    place.release(HEAD + "includes: ['*']\n", files, BUILD_ONLY)
    result = place.perform(place.folder(HEAD + "includes: ['.']\n", files), BUILD_ONLY)
    assert result.package is not None
    place.release(HEAD + "includes: ['.']\n", files, BuildStep(run_tests=False, run_destroy=False, run_deploy=False))
    assert sorted(place.inventory.releases["demo", "app", "1.0"]["files"]) == [
        ".hidden", "a.txt", "escape.yml", "sub/b.txt",
    ]  # fmt: skip


def test_the_environment_of_scripts(place: Workplace) -> None:
    plan = HEAD + (
        "metadata: {owner: me}\noutputs: [{id: o, default: x}]\nbuild: env.sh\npost_build: env.sh\n"
        "inputs: [{id: b, type: bool, default: true}, {id: f, default: 1.5}, {id: l, type: list, default: [1, a]},\n"
        " {id: n, type: integer, default: '7'}, {id: version}, {id: where, type: environment}]\n"
    )
    files = {"env.sh": "env | grep -E '^(INPUT|OUTPUT|ESCAPE|PYTHONUNB)' | sort; echo --; echo '{\"o\":\"y\"}' > $1"}
    place.release(plan, files, BUILD_ONLY)
    first = [
        f"ESCAPE_ARCH={architecture()}", "ESCAPE_PLATFORM=linux", "INPUT_METADATA_owner=me", "INPUT_b=1", "INPUT_f=1.5",
        'INPUT_l=[1,"a"]', "INPUT_n=7", "INPUT_version=1.0", "INPUT_where=ci",
    ]  # fmt: skip
    assert place.said == [*first, "PYTHONUNBUFFERED=1", "--", *first, "OUTPUT_o=y", "PYTHONUNBUFFERED=1", "--"]


def test_a_run_that_is_repeated_shows_what_was_before(place: Workplace) -> None:
    plan = (
        HEAD + "inputs: [{id: a, default: one}]\noutputs: [{id: o, default: x}]\n"
        "deploy: {inline: 'env | grep PREVIOUS | sort'}\n"
    )
    place.release(plan, {}, BuildStep(run_build=False, run_tests=False, run_destroy=False, run_deploy=False))
    place.deploy("demo/app-v1.0")
    place.deploy("demo/app-v1.0", a="two")
    assert place.said == ["INPUT_PREVIOUS_OUTPUT_o=x", "INPUT_PREVIOUS_a=one"]


@pytest.mark.parametrize(
    ("variable", "given", "message"),
    [
        ("{id: a}", {}, "a: no value given, and no default"),
        ("{id: a, type: integer}", {"a": "x"}, "a: expected an integer, got 'x'"),
        ("{id: a, type: bool}", {"a": "maybe"}, "a: expected true or false"),
        ("{id: a, type: list}", {"a": "x"}, "a: expected a list, as JSON, got 'x'"),
        ("{id: a, type: 'list[type=integer]'}", {"a": '["x"]'}, "a: expected an integer, got 'x'"),
        ("{id: a, items: [x, y]}", {"a": "z"}, "a: expected one of"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(
    place: Workplace, variable: str, given: dict[str, str], message: str
) -> None:
    step = BuildStep(run_destroy=False, run_deploy=False, variables=given)
    with pytest.raises(StageFailedError, match=message):
        place.release(HEAD + f"inputs: [{variable}]\nbuild: 'echo never'\n", {}, step)
    assert place.said == []


def test_a_nearer_input_is_stronger(place: Workplace) -> None:
    place.states.environments[PLACE] = {
        "inputs": {"a": "environment", "b": "environment", "c": "environment"},
        "deployments": {"web": {"name": "web", "inputs": {"b": "deployment", "c": "deployment"}}},
    }
    plan = HEAD + "inputs: [{id: a, default: x}, b, c]\ndeploy: {inline: 'echo $INPUT_a $INPUT_b $INPUT_c'}\n"
    place.release(plan, {}, BuildStep(run_build=False, run_tests=False, run_destroy=False, run_deploy=False))
    place.deploy("demo/app-v1.0", "web", c="given")
    assert place.said == ["environment deployment given"]


def test_a_sensitive_value_is_masked(place: Workplace) -> None:
    plan = HEAD + "inputs: [{id: pw, sensitive: true, default: hunter2}]\nbuild: {inline: 'echo pw=$INPUT_pw'}\n"
    place.release(plan, {}, BUILD_ONLY)
    assert place.said == ["pw=***"]


def test_a_sensitive_value_of_an_earlier_job_is_masked(place: Workplace) -> None:
    inputs = "inputs: [{id: pw, sensitive: true, type: list, default: [hunter22, open-sesame]}]\n"
    place.release(HEAD + inputs + "smoke: {inline: 'echo $INPUT_pw; echo is open-sesame'}\n", {}, NO_CHECKS)
    place.deploy("demo/app-v1.0", "web")
    place.lines.clear()
    smoke(DeploymentRequest(release="demo/app-v1.0", deployment="web"), place.fresh(), place.site, place.bench)
    assert place.said == ["***", "is ***"]


def test_notes_of_ours_stand_whatever_is_secret(place: Workplace) -> None:
    plan = "inputs: [{id: pw, sensitive: true, default: build}]\nbuild: {inline: 'echo build'}\n"
    place.release(HEAD + plan, {}, BUILD_ONLY)
    assert place.said == ["***"]
    assert "demo/app-v1.0: build" in [line.text for line in place.lines]


def test_a_fault_that_repeats_a_value_has_a_cause(place: Workplace) -> None:
    plan = "inputs: [{id: pw, sensitive: true, default: hunter22}, {id: n, type: integer, default: $this.inputs.pw}]\n"
    with pytest.raises(StageFailedError, match="hunter22") as raised:
        place.release(HEAD + plan, {}, BUILD_ONLY)
    assert raised.value.__cause__ is not None


def test_a_script_over_its_time_fails(place: Workplace) -> None:
    place.script_seconds = 0.2
    with pytest.raises(StageFailedError, match=r"build: not done after 0\.2 seconds"):
        place.release(HEAD + "build: 'sleep 30'\n", {}, BUILD_ONLY)


def test_a_cancelled_script_is_recorded(place: Workplace) -> None:
    place.stop.set()
    with pytest.raises(StageCancelledError):
        place.release(HEAD + "build: 'sleep 30'\n", {}, BUILD_ONLY)
    assert place.states.stage(PLACE, "demo/app", "build")["status"]["data"] == "build: cancelled"


def test_a_command_that_is_not_there_fails(place: Workplace) -> None:
    with pytest.raises(StageFailedError, match="build: cannot run 'no-such-program'"):
        place.release(HEAD + "build: no-such-program\n", {}, BUILD_ONLY)


@pytest.mark.parametrize("text", ["not json", "[1]", '{"a": null}', "[" * 100_000])
def test_outputs_that_cannot_be_read_fail(place: Workplace, text: str) -> None:
    with pytest.raises(StageFailedError, match="build: "):
        place.release(HEAD + "build: 'cp out.txt .escape/outputs.json'\n", {"out.txt": text}, BUILD_ONLY)


def test_templates_are_rendered_with_their_mapping(place: Workplace) -> None:
    plan = HEAD + (
        "inputs: [{id: who, default: you}, {id: open, type: bool, default: false},\n"
        " {id: all, type: list, default: [a, b]}]\n"
        "templates: [a.txt.tpl, {file: b.tpl, target: out/b, scopes: [deploy], mapping: {x: $this.inputs.who, y: 3}}]\n"
        "build: 'cat a.txt'\ndeploy: 'cat a.txt out/b'\n"
    )
    files = {
        "a.txt.tpl": "{{name}} {{version}} {{who}} {{open}} {{#all}}[{{.}}]{{/all}}\n",
        "b.tpl": "{{x}}{{{y}}} {{> ../../etc/passwd}}\n",
    }
    place.release(plan, files, BuildStep(run_tests=False, run_destroy=False))
    assert place.said == ["app 1.0 you false [a][b]", "app 1.0 you false [a][b]", "you3 "]


@pytest.mark.parametrize(("text", "message"), [("{{nobody}}", "no value for nobody"), ("{{#open}}", "template a.tpl")])
def test_a_template_that_cannot_be_filled_fails(place: Workplace, text: str, message: str) -> None:
    with pytest.raises(StageFailedError, match=message):
        place.release(HEAD + "templates: [a.tpl]\n", {"a.tpl": text}, BUILD_ONLY)


def test_downloads_are_made_where_they_fit(place: Workplace) -> None:
    plan = HEAD + (
        "downloads:\n- {url: 'http://x/a', dest: got/a}\n- {url: 'http://x/b', dest: b, platform: plan9}\n"
        "- {url: 'http://x/c', dest: c, scopes: [deploy]}\n- {url: 'http://x/d', dest: d, if_not_exists: [have]}\n"
        "- {url: 'http://x/have', dest: have}\nbuild: {inline: 'cat got/a have; echo; ls'}\n"
    )
    place.release(plan, {"have": "mine "}, BUILD_ONLY)
    assert place.said == ["from http://x/amine ", "escape.yml", "got", "have"]


def test_a_plan_in_a_folder_works_there(place: Workplace) -> None:
    files = {"svc/escape.yml": HEAD + "build: run.sh\n", "svc/run.sh": "pwd"}
    place.perform(place.folder(HEAD, files), BuildStep(plan_location="svc/escape.yml", run_tests=False))
    assert Path(place.said[0]).name == "svc"


def test_the_defects_of_a_plan_in_a_folder_name_it(place: Workplace) -> None:
    with pytest.raises(PlanError, match=r"svc/escape.yml: name: missing"):
        place.perform(place.folder(HEAD, {"svc/escape.yml": "version: '1'"}), BuildStep(plan_location="svc/escape.yml"))
