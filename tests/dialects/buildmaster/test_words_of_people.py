"""The release API says our words in its clients' way, and what people wrote as they wrote it."""

from urllib.parse import quote

import pytest

from tests.dialects.matrix.callers import WRITER
from tests.dialects.matrix.world import people
from tests.dialects.platform.site import Site

WRITTEN = "train snapshot cancelled"
RELEASE = {"applicationName": "web", "releaseNumber": WRITTEN}
BUILD = {**RELEASE, "buildNumber": WRITTEN}


@pytest.fixture
def site() -> Site:
    """A release and a build that are called by all the words that this API swaps."""
    made = Site()
    people(made)
    made.done("POST", "/api/v1/state/web/add-project")
    phases = [{"name": "Test", "promotion": "manual", "steps": [{"name": "say", "type": "noop"}]}]
    made.done("POST", "/api/v1/pipelines/by-project/web/add", {"name": "release", "phases": phases})
    made.done("PUT", "/api/releases/create", {**RELEASE, "pipelineName": "release"}, by=WRITER)
    made.done("PUT", "/api/releases/builds/create", BUILD, by=WRITER)
    return made


@pytest.mark.parametrize(
    ("path", "said", "text"),
    [
        ("create", {**RELEASE, "pipelineName": "release"}, f"release {WRITTEN} of web/web exists already"),
        ("builds/create", BUILD, f"release {WRITTEN} of web/web has a build {WRITTEN} already"),
        ("builds/deploy", {**BUILD, "toStage": WRITTEN}, f"stage: no stage {WRITTEN} in pipeline release"),
        ("create", {**RELEASE, "pipelineName": WRITTEN}, f"pipeline: no pipeline {WRITTEN}"),
        ("restore", RELEASE, f"release {WRITTEN} of web/web is active: only a canceled one can be restored"),
        ("cancel", {**RELEASE, "releaseNumber": "cancelled"}, "no release cancelled"),
        ("builds/create", {**BUILD, "$$train-": "1"}, "variables.train-: invalid variable name 'train-': "),
    ],
)
def test_what_people_wrote_stays_in_refusals(site: Site, path: str, said: dict[str, str], text: str) -> None:
    refused = site.ask("PUT", f"/api/releases/{path}", said, by=WRITER)

    assert (refused.status, refused.text[: len(text)]) == (400, text)


def test_what_people_wrote_stays_once_a_release_is_over(site: Site) -> None:
    site.done("PUT", "/api/releases/cancel", RELEASE, by=WRITER)
    texts = [
        site.ask("PUT", f"/api/releases/{path}", BUILD, by=WRITER).text for path in ("builds/create", "builds/deploy")
    ]

    over = f"release {WRITTEN} of web/web is canceled"
    assert texts == [f"{over}: it takes no build", f"{over}: nothing of it is deployed"]
    assert site.ask("GET", f"/api/releases?status={quote(WRITTEN)}", by=WRITER).status == 400
