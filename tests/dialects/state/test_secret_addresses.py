"""What is secret in an address is kept apart: shown to nobody, kept by who sends it back, and gone with its record."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.kernel.definitions.definition import pipeline_ref
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.faults import Unavailable
from chalicelib.use_cases.ports.clock import Called
from tests.builders import an_entry
from tests.dialects.state.site import Site
from tests.fakes.secrets import FakeSecrets

PIPELINES = "/api/v1/pipelines/by-project/web"
PIPELINE = f"{PIPELINES}/by-name/call"
URL, SEEN = "http://ann:word@127.0.0.1:9001/x", "http://ann:***@127.0.0.1:9001/x"
SLACK = "https://hooks.slack.com/services/T00/B00/"


@pytest.fixture
def site() -> Site:
    return Site()


def with_steps(*steps: dict[str, Any]) -> dict[str, Any]:
    named = [{"type": "webhook-trigger", "name": f"call {place}", **step} for place, step in enumerate(steps)]
    return {"name": "call", "phases": [{"name": "all", "steps": named}]}


def calling(*urls: str) -> dict[str, Any]:
    return with_steps(*({"webhook_url": url} for url in urls))


def kept(site: Site) -> list[str]:
    secrets = site.house.ports.secrets
    assert isinstance(secrets, FakeSecrets)
    return sorted(secrets.kept.values())


def urls(site: Site, *, by: str = "ada") -> list[str]:
    return [step["webhook_url"] for step in site.get(f"{PIPELINE}/", by=by)["phases"][0]["steps"]]


def called(site: Site) -> list[str]:
    """Which addresses a run calls."""
    run = site.done("POST", f"{PIPELINE}/trigger")["id"]
    site.house.work_off()
    assert "word" not in str(site.get(f"{PIPELINE}/executions/{run}/", by="bob"))
    return [url for url, _, _ in site.house.outside.posted]


def test_a_password_in_the_address_of_a_webhook_is_shown_to_nobody(site: Site) -> None:
    site.done("POST", f"{PIPELINES}/add", calling(URL))
    for by in ("root", "ada", "bob"):
        assert urls(site, by=by) == [SEEN]
        assert "word" not in str(site.get("/api/v1/pipelines/", by=by))
    assert kept(site) == [URL]


def test_it_is_called_with_the_password_which_no_run_shows(site: Site) -> None:
    site.done("POST", f"{PIPELINES}/add", calling(URL, f"{SLACK}one"))
    assert sorted(called(site)) == ["http://127.0.0.1:9001/x", f"{SLACK}one"]
    (headers,) = [headers for url, headers, _ in site.house.outside.posted if "9001" in url]
    assert headers["authorization"] == "Basic YW5uOndvcmQ="


def test_what_an_address_answers_does_not_tell_its_secret(site: Site) -> None:
    site.done("POST", f"{PIPELINES}/add", calling(URL))
    site.house.outside.answers = [Called(status=0, text=f"no route to {URL}")]
    site.done("POST", f"{PIPELINE}/trigger")
    with pytest.raises(Unavailable) as told:
        site.house.work_off()
    assert told.value.message.endswith(f"no route to {SEEN}")


def test_an_address_that_is_sent_back_as_shown_is_kept(site: Site) -> None:
    site.done("POST", f"{PIPELINES}/add", calling(URL, f"{SLACK}one", f"{SLACK}two"))
    site.done("PUT", f"{PIPELINE}/", site.get(f"{PIPELINE}/"))
    assert sorted(called(site)) == ["http://127.0.0.1:9001/x", f"{SLACK}one", f"{SLACK}two"]


def test_steps_that_change_places_keep_their_addresses(site: Site) -> None:
    site.done("POST", f"{PIPELINES}/add", calling(URL, f"{SLACK}one", f"{SLACK}two"))
    body = site.get(f"{PIPELINE}/")
    body["phases"][0]["steps"].reverse()
    site.done("PUT", f"{PIPELINE}/", body)
    assert kept(site) == [URL, f"{SLACK}one", f"{SLACK}two"]
    site.done("PUT", f"{PIPELINE}/", calling(SEEN))
    assert kept(site) == [URL]


def test_a_step_without_a_name_that_moves_takes_its_address_along(site: Site) -> None:
    site.done(
        "POST",
        f"{PIPELINES}/add",
        with_steps({"name": "", "webhook_url": "https://h/"}, {"name": "", "webhook_url": URL}),
    )
    site.done("PUT", f"{PIPELINE}/", with_steps({"name": "", "webhook_url": SEEN}))
    assert (urls(site), kept(site)) == ([SEEN], [URL])


@pytest.mark.parametrize("other", ["http://ann:***@evil.example/x", "http://ann:***@127.0.0.1:9001/x?a", SLACK + "***"])
def test_no_other_address_gets_what_is_kept(site: Site, other: str) -> None:
    site.done("POST", f"{PIPELINES}/add", calling(URL))
    assert site.refused("PUT", f"{PIPELINE}/", calling(other)) == (400, ["phases[0].steps[0].webhook_url"])
    assert kept(site) == [URL]


def test_replaced_and_cleared_secrets_are_kept_no_more(site: Site) -> None:
    site.done("POST", f"{PIPELINES}/add", calling(URL))
    site.done("PUT", f"{PIPELINE}/", calling("http://ann:other@127.0.0.1:9001/x"))
    assert kept(site) == ["http://ann:other@127.0.0.1:9001/x"]
    site.done("PUT", f"{PIPELINE}/", calling("http://127.0.0.1:9001/x"))
    assert kept(site) == []


def test_no_secret_outlives_its_pipeline(site: Site) -> None:
    site.done("POST", f"{PIPELINES}/add", calling(URL))
    site.done("DELETE", f"{PIPELINE}/")
    assert kept(site) == []


def test_who_may_not_add_a_pipeline_anew_changes_no_secret_of_it(site: Site) -> None:
    site.done("POST", f"{PIPELINES}/add", calling(URL))
    assert site.ask("POST", f"{PIPELINES}/add", calling("http://ann:other@127.0.0.1:9001/x")).status == 409
    assert kept(site) == [URL]


def test_an_address_from_before_is_hidden_and_kept_when_it_is_sent_back(site: Site) -> None:
    site.done("POST", f"{PIPELINES}/add", calling("https://h/"))
    stored = stored_with(site, URL)
    assert urls(site) == [SEEN]
    site.done("PUT", f"{PIPELINE}/", calling(SEEN))
    assert kept(site) == [URL]
    assert stored.phases[0].steps[0].webhook_url == URL


def stored_with(site: Site, url: str) -> PipelineDefinition:
    """The pipeline as it was stored before secrets of addresses were kept apart."""
    definitions = site.house.ports.definitions
    found = definitions.definition(pipeline_ref("web", "call"))
    assert isinstance(found, PipelineDefinition)
    (phase,) = found.phases
    steps = (replace(phase.steps[0], webhook_url=url),)
    return definitions.save(replace(found, phases=(replace(phase, steps=steps),)), an_entry())


@pytest.mark.parametrize("to", [f"{SLACK}one", URL])
def test_a_notification_names_no_secret_address(site: Site, to: str) -> None:
    step = {"type": "notify", "subject": "done", "to": ["ops@example.org", to]}
    assert site.refused("POST", f"{PIPELINES}/add", with_steps(step)) == (400, ["phases[0].steps[0].to[1]"])


REPOSITORIES = "/api/v1/state/web/repositories/add-repository"


@pytest.mark.parametrize("url", ["https://git.example.org/a.git?token=abc", "ssh://git@h/a.git?access_token=abc"])
def test_a_repository_has_no_token_in_its_address(site: Site, url: str) -> None:
    assert site.refused("POST", REPOSITORIES, {"name": "source", "url": url}) == (400, ["url"])
    build = {"name": "app", "repo": url, "steps": [{}]}
    assert site.refused("POST", "/api/v1/state/web/environments/staging/builds/", build) == (400, ["repo"])


def test_no_other_address_that_readers_see_holds_a_secret(site: Site) -> None:
    project = {"name": "web", "org_url": URL}
    assert site.refused("PUT", "/api/v1/state/web/", project, by="olga") == (400, ["org_url"])
    named = {"name": "space", "org_url": URL}
    assert site.refused("POST", "/api/v1/state/web/add-namespace", named, by="olga") == (400, ["org_url"])
    build = {"name": "app", "repo": "https://h/a.git", "steps": [{}], "remote_escape_worker_url": URL}
    asked = ("POST", "/api/v1/state/web/environments/staging/builds/", build)
    assert site.refused(*asked) == (400, ["remote_escape_worker_url"])
