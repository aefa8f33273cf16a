"""Inputs that are given as secrets: kept apart, shown to nobody, in plain to the job that they are for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.secret_inputs import id_of
from chalicelib.use_cases.jobs.hand_out import HandedJob, HandOutJobs, hand_out_jobs
from chalicelib.use_cases.jobs.lease import LeaseJobs
from slipway_formats.release import Variable
from tests.dialects.state.site import PRINCIPALS, Site
from tests.dialects.state.walk import STAGING
from tests.fakes.secrets import FakeSecrets

JOBS = "/api/v1/deployment-jobs"
JOB = f"{JOBS}/by-project/web/by-environment/staging/by-name/app"
BUILD = f"{STAGING}/builds/by-name/app"
PIPELINES = "/api/v1/pipelines/by-project/web"
VALUE = "s3cr3t"
Inputs = Mapping[str, object]


@dataclass(frozen=True)
class Holder:
    """A record that has inputs: how it is made and changed, and where they stand in it."""

    make: Callable[[Site, Inputs], Any]
    path: str
    body: Callable[[Inputs], dict[str, Any]]
    held: Callable[[Any], Any]
    place: str


def an_environment(inputs: Inputs) -> dict[str, Any]:
    return {"inputs": dict(inputs)}


def a_job(inputs: Inputs) -> dict[str, Any]:
    return {"environment": "staging", "deployment": "app", "release": "demo/app", "inputs": dict(inputs)}


def a_build(inputs: Inputs) -> dict[str, Any]:
    return {"name": "app", "repo": "https://h/a.git", "steps": [{}, {"variables": dict(inputs)}]}


def a_pipeline(inputs: Inputs) -> dict[str, Any]:
    step = {"type": "run-errand", "name": "x", "deployment": "app", "environment": "staging", "errand_name": "x"}
    return {"name": "call", "phases": [{"name": "all", "steps": [{**step, "errand_inputs": dict(inputs)}]}]}


def make_pipeline(site: Site, inputs: Inputs) -> Any:  # noqa: ANN401 - a body
    site.done("POST", f"{JOBS}/by-project/web/add", a_job({}))
    return site.done("POST", f"{PIPELINES}/add", a_pipeline(inputs))


HOLDERS = {
    "environment": Holder(
        make=lambda site, inputs: site.done("PUT", f"{STAGING}/", an_environment(inputs)),
        path=f"{STAGING}/", body=an_environment, held=lambda shown: shown["inputs"], place="inputs",
    ),
    "job": Holder(
        make=lambda site, inputs: site.done("POST", f"{JOBS}/by-project/web/add", a_job(inputs)),
        path=f"{JOB}/", body=a_job, held=lambda shown: shown["inputs"], place="inputs",
    ),
    "build": Holder(
        make=lambda site, inputs: site.done("POST", f"{STAGING}/builds/", a_build(inputs)),
        path=f"{BUILD}/", body=a_build, held=lambda shown: shown["steps"][1]["variables"], place="steps[1].variables",
    ),
    "pipeline": Holder(
        make=make_pipeline, path=f"{PIPELINES}/by-name/call/", body=a_pipeline,
        held=lambda shown: shown["phases"][0]["steps"][0]["errand_inputs"],
        place="phases[0].steps[0].errand_inputs",
    ),
}  # fmt: skip


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture(params=list(HOLDERS))
def holder(request: pytest.FixtureRequest) -> Holder:
    return HOLDERS[str(request.param)]


def kept(site: Site) -> dict[str, str]:
    secrets = site.house.ports.secrets
    assert isinstance(secrets, FakeSecrets)
    return secrets.kept


def stored(site: Site) -> str:
    """All that is stored beside secrets."""
    ports = site.house.ports
    return str((ports.projects, ports.definitions, site.house.runs, site.house.jobs, ports.audits))


def secret(value: object = VALUE) -> dict[str, object]:
    return {"secret": value}


def test_a_secret_is_kept_apart_and_shown_by_an_id(site: Site, holder: Holder) -> None:
    holder.make(site, {"password": secret(), "size": "3"})
    (reference,) = kept(site)
    for by in ("root", "ada", "bob"):
        shown = holder.held(site.get(holder.path, by=by))
        assert shown["password"] == {"secret": {"kept": id_of(reference)}}
    assert VALUE not in stored(site)
    assert list(kept(site).values()) == [VALUE]


def test_what_is_sent_back_as_it_was_shown_is_kept(site: Site, holder: Holder) -> None:
    holder.make(site, {"password": secret(), "size": "3"})
    before = dict(kept(site))
    site.done("PUT", holder.path, holder.body(holder.held(site.get(holder.path))))
    assert kept(site) == before
    assert holder.held(site.get(holder.path))["size"] == "3"


def test_a_secret_may_take_another_name(site: Site, holder: Holder) -> None:
    holder.make(site, {"password": secret()})
    shown = holder.held(site.get(holder.path))
    site.done("PUT", holder.path, holder.body({"word": shown["password"]}))
    assert list(kept(site).values()) == [VALUE]
    assert list(holder.held(site.get(holder.path))) == ["word"]


@pytest.mark.parametrize(
    ("inputs", "left"),
    [
        ({"password": secret("other")}, ["other"]),
        ({"password": secret("")}, []),
        ({"password": "plain"}, []),
        ({}, []),
    ],
)
def test_a_secret_is_replaced_or_cleared(site: Site, holder: Holder, inputs: Inputs, left: list[str]) -> None:
    holder.make(site, {"password": secret()})
    site.done("PUT", holder.path, holder.body(inputs))
    assert list(kept(site).values()) == left


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"kept": "0123456789abcdef"}, ".secret.kept"),
        ({"kept": "fake:projects/other/secret"}, ".secret.kept"),
        (5, ".secret"),
        (None, ".secret"),
        ({"kept": "x", "more": "y"}, ".secret"),
    ],
)
def test_no_other_secret_can_be_named(site: Site, holder: Holder, said: object, where: str) -> None:
    kept(site)["fake:projects/other/secret"] = "another's"
    holder.make(site, {"password": secret()})
    refused = site.refused("PUT", holder.path, holder.body({"password": secret(said)}))
    assert refused == (400, [f"{holder.place}.password{where}"])
    assert sorted(kept(site).values()) == ["another's", VALUE]


@pytest.mark.parametrize("name", ["environment", "job", "pipeline"])
@pytest.mark.parametrize(
    ("value", "where"),
    [({"user": "ann", "password": secret()}, ".password"), (["x", {"deep": [secret()]}], "[1].deep[0]")],
)
def test_a_secret_inside_an_input_is_refused(site: Site, name: str, value: object, where: str) -> None:
    HOLDERS[name].make(site, {})
    refused = site.refused("PUT", HOLDERS[name].path, HOLDERS[name].body({"db": value}))
    assert refused == (400, [f"{HOLDERS[name].place}.db{where}"])


@pytest.mark.parametrize("name", ["job", "build", "pipeline"])
def test_no_secret_outlives_its_definition(site: Site, name: str) -> None:
    HOLDERS[name].make(site, {"password": secret()})
    site.done("DELETE", HOLDERS[name].path)
    assert kept(site) == {}


@pytest.mark.parametrize("name", list(HOLDERS))
def test_no_secret_outlives_its_project(site: Site, name: str) -> None:
    HOLDERS[name].make(site, {"password": secret()})
    site.done("DELETE", "/api/v1/state/web/", by="olga")
    assert kept(site) == {}


def test_who_may_not_make_anew_what_is_there_changes_no_secret_of_it(site: Site) -> None:
    for name in ("job", "build"):
        HOLDERS[name].make(site, {"password": secret()})
    posts = ((f"{JOBS}/by-project/web/add", a_job), (f"{STAGING}/builds/", a_build))
    for path, body in posts:
        assert site.ask("POST", path, body({"password": secret("other")})).status == 409
    assert list(kept(site).values()) == [VALUE, VALUE]


def handed(site: Site) -> HandedJob:
    site.house.work_off()
    ask = LeaseJobs(pool="default", runner="r1", slots=1, nonce="nonce-of-sixteen-letters")
    (job,) = hand_out_jobs(site.house.ports, HandOutJobs(lease=ask))
    return job


def test_a_runner_gets_them_in_plain_and_hides_them(site: Site) -> None:
    site.house.inventory.inputs = tuple(Variable(id=name) for name in ("a", "b", "c", "d"))
    HOLDERS["environment"].make(site, {"a": secret("of env"), "b": secret("of env"), "c": "plain"})
    HOLDERS["job"].make(site, {"b": secret("of job"), "c": secret("of job")})
    site.done("POST", f"{JOB}/trigger", {"inputs": {"d": secret("of run"), "a": "plain"}})
    job = handed(site)
    assert job.ask["inputs"] == {"a": "plain", "b": "of job", "c": "of job", "d": "of run"}
    hidden = job.ask["secrets"]
    assert isinstance(hidden, dict)
    assert sorted(hidden.values()) == ["of job", "of job", "of run"]
    assert "of run" not in stored(site)


def test_a_build_gets_its_variables_in_plain(site: Site) -> None:
    HOLDERS["build"].make(site, {"password": secret(), "size": "3"})
    site.done("POST", f"{BUILD}/trigger-build")
    steps: Any = handed(site).ask["steps"]
    assert [step["variables"] for step in steps] == [{}, {"size": "3", "password": VALUE}]


def test_an_errand_gets_its_inputs_in_plain(site: Site) -> None:
    HOLDERS["pipeline"].make(site, {"password": secret(), "size": "3"})
    site.done("POST", f"{JOB}/trigger")
    site.house.work_off()
    (leased,) = site.house.lease()
    site.house.finish(leased, Outcome.SUCCEEDED)
    site.done("POST", f"{PIPELINES}/by-name/call/trigger")
    assert handed(site).ask["errand_inputs"] == {"size": "3", "password": VALUE}


def test_an_execution_shows_the_ids_of_what_it_was_given(site: Site) -> None:
    HOLDERS["job"].make(site, {})
    run = site.done("POST", f"{JOB}/trigger", {"inputs": {"password": secret()}})["id"]
    (reference,) = kept(site)
    shown = site.get(f"{JOB}/executions/{run}/")["inputs"]
    assert shown == {"password": {"secret": {"kept": id_of(reference)}}}
    answered = site.refused("POST", f"{JOB}/trigger", {"inputs": shown})
    assert answered == (400, ["inputs.password.secret.kept"]), "what was given to one run is not another's"


def test_what_a_run_was_given_goes_with_it(site: Site) -> None:
    HOLDERS["job"].make(site, {"own": secret("of job")})
    site.done("POST", f"{JOB}/trigger", {"inputs": {"password": secret()}})
    site.house.work_off()
    (leased,) = site.house.lease()
    site.house.finish(leased, Outcome.SUCCEEDED)
    assert sorted(kept(site).values()) == ["of job", VALUE]
    assert site.done("DELETE", "/api/v1/state/web/", by="olga")["complete"]
    assert kept(site) == {}


def test_a_trigger_that_is_refused_leaves_no_secret(site: Site) -> None:
    HOLDERS["job"].make(site, {})
    asked = {"errand_name": "backup", "errand_inputs": {"password": secret()}}
    assert site.ask("POST", f"{JOB}/trigger/errand", asked).status == 409
    assert kept(site) == {}


@pytest.mark.parametrize(("given", "where"), [(secret(), "password"), ({"inner": secret()}, "password.inner")])
def test_a_run_of_a_pipeline_is_given_no_secret(site: Site, given: object, where: str) -> None:
    HOLDERS["pipeline"].make(site, {})
    asked = ("POST", f"{PIPELINES}/by-name/call/trigger", {"inputs": {"password": given}})
    assert site.refused(*asked) == (400, [f"inputs.{where}"])


def test_a_job_sees_the_secrets_of_its_environment_and_what_it_writes_of_them_is_hidden(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    HOLDERS["environment"].make(site, {"password": secret(), "size": "3"})
    HOLDERS["job"].make(site, {"own": secret("of job")})
    site.done("POST", f"{JOB}/trigger")
    job = handed(site).leased.job
    roles = frozenset({role_in("web", Level.WRITE)})
    monkeypatch.setitem(PRINCIPALS, "job", Principal(name=job.id, kind=PrincipalKind.JOB, roles=roles))
    assert site.get(f"{STAGING}/?full=true", by="job")["inputs"] == {"password": VALUE, "size": "3"}
    assert VALUE not in str(site.get(f"{STAGING}/?full=true", by="ada"))
    given = {"password": VALUE, "own": "of job", "size": "3"}
    state = {"name": "app", "release": "demo/app", "stages": {"deploy": {"version": "1.0", "inputs": given}}}
    target = f"{STAGING}/deployments/?deployment=app"
    site.done("PUT", target, {"path": "app", "root_stage": "", "state": state}, by="job")
    seen = site.get(target, by="bob")["stages"]["deploy"]["inputs"]
    assert seen == {"password": "***", "own": "***", "size": "3"}
    assert site.get(target)["stages"]["deploy"]["inputs"] == given


def test_an_imported_environment_keeps_its_secrets_apart(site: Site) -> None:
    local = {"environments": {"new": {"name": "new", "inputs": {"password": secret()}}}}
    site.done("POST", "/api/v1/state/web/import-environments", local)
    shown = site.get("/api/v1/state/web/environments/new/")["inputs"]
    assert list(shown["password"]["secret"]) == ["kept"]
    assert list(kept(site).values()) == [VALUE]
    other = {"environments": {"new": {"name": "new", "inputs": {"password": secret({"kept": "x"})}}}}
    refused = site.refused("POST", "/api/v1/state/web/import-environments", other)
    assert refused == (400, ["environments.new.inputs.password.secret.kept"])
