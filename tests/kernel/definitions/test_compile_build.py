"""What a build and a deployment job become as plans, and which steps a push concerns."""

from dataclasses import replace

import pytest

from chalicelib.kernel.definitions.compile_build import Source, build_defects, compile_build, concerned, source_defects
from chalicelib.kernel.definitions.compile_deployment import Action, compile_deployment, job_defects
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.work import Job, JobKind
from slipway_formats.build_step import BuildStep
from tests.kernel.definitions.given import a_build, a_job, a_run_ask


def test_a_build_is_one_job_that_knows_source_and_steps_and_names_its_secrets() -> None:
    source = Source(url="file:///srv/app.git", branch="main", commit="abcdef1", private_key="secret/1")
    plan = compile_build(a_build("app", BuildStep(run_tests=False)), source, a_run_ask())
    (work,) = [node.work for node in plan.stages[0].nodes]
    assert isinstance(work, Job)
    assert work.kind is JobKind.BUILD
    assert work.ask["repository"] == "file:///srv/app.git"
    assert (work.ask["branch"], work.ask["commit"]) == ("main", "abcdef1")
    assert work.ask["secret_names"] == {"private_key": "secret/1"}
    steps = work.ask["steps"]
    assert isinstance(steps, list)
    (step,) = steps
    assert (step["plan_location"], step["run_tests"], step["run_build"]) == ("escape.yml", False, True)


def test_a_deployment_job_is_one_job_that_knows_the_release() -> None:
    action = Action(kind=JobKind.DEPLOY, release="demo/app-v1.0", inputs={"port": 80}, providers={"db": "pg"})
    plan = compile_deployment(a_job(), action, a_run_ask())
    (work,) = [node.work for node in plan.stages[0].nodes]
    assert isinstance(work, Job)
    assert work.kind is JobKind.DEPLOY
    assert work.ask == {
        "release": "demo/app-v1.0",
        "deployment": "demo/app",
        "inputs": {"port": 80},
        "providers": {"db": "pg"},
    }


def test_an_errand_needs_its_name() -> None:
    with pytest.raises(Invalid, match="errand_name"):
        compile_deployment(a_job(), Action(kind=JobKind.ERRAND, release="demo/app-v1.0"), a_run_ask())


@pytest.mark.parametrize(
    ("step", "files", "built"),
    [
        (BuildStep(), ("a.py",), True),
        (BuildStep(), (), True),
        (BuildStep(build_on_file_changes=("src/**",)), (), True),
        (BuildStep(build_on_file_changes=("src/**",)), ("docs/a.md",), False),
        (BuildStep(build_on_file_changes=("src/**",)), ("docs/a.md", "src/x/y.py"), True),
        (BuildStep(ignore_file_changes=("*.md",)), ("docs/a.md",), False),
        (BuildStep(ignore_file_changes=("*.md",)), ("docs/a.md", "a.py"), True),
        (BuildStep(build_on_file_changes=("src/**",), ignore_file_changes=("*.md",)), ("src/a.md",), False),
    ],
)
def test_a_step_is_built_when_files_that_count_changed(step: BuildStep, files: tuple[str, ...], built: bool) -> None:
    source = Source(url="u", changed_files=files)
    assert (concerned(a_build("app", step), source) is not None) is built


def test_without_knowing_the_files_everything_is_built() -> None:
    build = a_build("app", BuildStep(build_on_file_changes=("src/**",)))
    assert concerned(build, Source(url="u")) == build


def test_only_the_steps_concerned_are_built() -> None:
    one, two = BuildStep(build_on_file_changes=("one/**",)), BuildStep(build_on_file_changes=("two/**",))
    left = concerned(a_build("app", one, two), Source(url="u", changed_files=("two/x",)))
    assert left is not None
    assert left.steps == (two,)


def test_globs_that_cannot_be_read_are_told_by_their_place() -> None:
    step = BuildStep(build_on_file_changes=("ok", "[z-a]"), ignore_file_changes=("",))
    build = replace(a_build("app", step), repo="")
    assert [defect.path for defect in build_defects(build)] == [
        "repo",
        "steps[0].build_on_file_changes[1]",
        "steps[0].ignore_file_changes[0]",
    ]


@pytest.mark.parametrize(
    ("step", "path"),
    [
        (BuildStep(plan_location="../escape.yml"), "plan_location"),
        (BuildStep(plan_location="/etc/escape.yml"), "plan_location"),
        (BuildStep(plan_location="a/../../x"), "plan_location"),
        (BuildStep(override_namespace="No"), "override_namespace"),
        (BuildStep(providers={"db": "no no"}), "providers.db"),
        (BuildStep(variables={"1x": "y"}), "variables.1x"),
    ],
)
def test_a_step_that_cannot_be_performed_is_told_by_its_place(step: BuildStep, path: str) -> None:
    build = a_build("app", BuildStep(plan_location="sub/escape.yml", variables={"word": "x"}), step)

    assert [defect.path for defect in build_defects(build)] == [f"steps[1].{path}"]


@pytest.mark.parametrize(
    ("url", "is_well"), [("https://w.example.org/x", True), ("", True), ("w", False), ("ftp://x", False)]
)
def test_a_worker_s_address_is_one_of_the_web(url: str, is_well: bool) -> None:
    assert (build_defects(replace(a_build(), remote_escape_worker_url=url)) == ()) is is_well


def test_the_release_and_the_providers_of_a_job_are_names() -> None:
    job = replace(a_job(), release="demo/No", providers={"db": "no no"}, query="")
    assert [defect.path for defect in job_defects(job)] == ["release", "version", "providers.db"]


@pytest.mark.parametrize("branch", ["main", "feature/x-1", "v1.2", "ümlaut", "a@b"])
def test_a_branch_may_be_called_so(branch: str) -> None:
    assert source_defects(Source(url="u", branch=branch, commit="0" * 40)) == ()


@pytest.mark.parametrize(
    "branch", ["-x", "a b", "a..b", "/a", "a/", ".a", "a.lock", "a~1", "a\\b", "a\n", "a@{1}", "x" * 300]
)
def test_what_git_could_read_as_something_else_is_no_branch(branch: str) -> None:
    assert [defect.path for defect in source_defects(Source(url="u", branch=branch))] == ["branch"]


@pytest.mark.parametrize("commit", ["abc", "HEAD", "--upload-pack=x", "g" * 40, "0" * 65])
def test_a_commit_is_told_by_its_digits(commit: str) -> None:
    assert [defect.path for defect in source_defects(Source(url="u", commit=commit))] == ["commit"]
