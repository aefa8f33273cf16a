"""How what waits for a person is confirmed: codes, who may, and browsers."""

import pytest

from tests.dialects.state.site import Site
from tests.dialects.state.walk import PIPELINE, PIPELINES
from tests.teams import add_person, add_team

PHASE = {
    "name": "live",
    "environment": "production",
    "gates": [{"name": "go", "type": "approval", "team": "ops"}],
    "steps": [{"name": "done", "type": "noop"}, {"name": "sure?", "type": "confirmation", "user": "bob"}],
}


@pytest.fixture
def site() -> Site:
    made = Site()
    add_team(made.house.ports, "ops")
    add_person(made.house.ports, "bob")
    made.done("POST", f"{PIPELINES}/by-project/web/add", {"name": "release", "phases": [PHASE]})
    return made


def begun(site: Site) -> str:
    run = site.done("POST", f"{PIPELINE}/trigger", by="olga")["id"]
    return f"{PIPELINE}/executions/{run}"


def phase_of(site: Site, execution: str, by: str = "root") -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = site.get(f"{execution}/", by=by)["pipeline"]["phases"][0]
    return found


def code_in(site: Site, execution: str, by: str = "root") -> str | None:
    return phase_of(site, execution, by)["gates"][0].get("confirmation_code")


def test_a_code_is_shown_to_those_alone_whose_word_counts(site: Site) -> None:
    execution = begun(site)
    assert code_in(site, execution, "ada")
    assert code_in(site, execution, "root")
    assert code_in(site, execution, "bob") is None
    assert code_in(site, execution, "olga") is None


def test_a_word_that_does_not_count_is_refused_though_the_code_is_right(site: Site) -> None:
    execution = begun(site)
    target = f"{execution}/confirmation/{code_in(site, execution)}/approve"
    assert site.refused("GET", target, by="bob")[0] == 403
    assert site.refused("GET", target, by="sam")[0] == 404
    assert site.refused("GET", target, by="")[0] == 401
    assert site.done("GET", target, by="ada") == {}


def test_a_code_is_worth_nothing_once_it_was_used(site: Site) -> None:
    execution = begun(site)
    target = f"{execution}/confirmation/{code_in(site, execution)}/approve"
    site.done("GET", target)
    assert site.refused("GET", target)[0] == 409


def test_a_code_of_another_run_is_no_code_of_this(site: Site) -> None:
    one, other = begun(site), begun(site)
    assert site.refused("GET", f"{one}/confirmation/{code_in(site, other)}/approve")[0] == 404


def test_steps_behind_a_gate_wait_and_go_on_when_it_opens(site: Site) -> None:
    execution = begun(site)
    before = phase_of(site, execution)
    assert [one["status"] for one in (*before["gates"], *before["steps"])] == ["pending", "queued", "queued"]
    site.done("GET", f"{execution}/confirmation/{code_in(site, execution)}/approve")
    after = phase_of(site, execution)
    assert [one["status"] for one in (*after["gates"], *after["steps"])] == ["ok", "ok", "pending"]


def test_a_no_ends_the_run_and_says_whose_it_was(site: Site) -> None:
    execution = begun(site)
    site.done("GET", f"{execution}/confirmation/{code_in(site, execution)}/disapprove?notes=too+early")
    seen = site.get(f"{execution}/")
    assert seen["status"] == "failed"
    assert "rejected by ada: too early" in seen["reason"]


def test_a_browser_is_asked_to_click_before_anything_happens(site: Site) -> None:
    execution = begun(site)
    target = f"{execution}/confirmation/{code_in(site, execution)}/approve"
    page = site.ask("GET", target, Accept="text/html,application/xhtml+xml")
    assert (page.status, '<form method="post">' in page.text) == (200, True)
    assert phase_of(site, execution)["gates"][0]["status"] == "pending"
    clicked = site.ask("POST", target, Accept="text/html", Content_Type="application/x-www-form-urlencoded")
    assert (clicked.status, "Approved" in clicked.text) == (200, True)
    assert phase_of(site, execution)["gates"][0]["status"] == "ok"


@pytest.mark.parametrize(
    "browser",
    [
        {"Referer": "https://evil.example/", "User_Agent": "Mozilla/5.0"},
        {"Sec_Fetch_Site": "cross-site", "Accept": "*/*"},
        {"Sec_Fetch_Site": "same-origin", "Accept": "application/json"},
        {},
    ],
)
def test_a_link_decides_nothing_for_who_comes_by_a_cookie(site: Site, browser: dict[str, str]) -> None:
    execution = begun(site)
    target = f"{execution}/confirmation/{code_in(site, execution)}/disapprove"
    page = site.ask("GET", target, by="", Cookie="X-Escape-Token=ada", **browser)
    assert (page.status, '<form method="post">' in page.text) == (200, True)
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert phase_of(site, execution)["gates"][0]["status"] == "pending"


def test_a_click_counts_on_our_own_page_alone(site: Site) -> None:
    execution = begun(site)
    target = f"{execution}/confirmation/{code_in(site, execution)}/approve"
    own, foreign = {"Sec_Fetch_Site": "same-origin"}, {"Sec_Fetch_Site": "cross-site"}
    shown = {"by": "", "Cookie": "X-Escape-Token=ada", "Accept": "text/html"}
    assert site.ask("POST", target, **shown, **foreign).status == 401
    assert phase_of(site, execution)["gates"][0]["status"] == "pending"
    assert site.ask("POST", target, **shown, **own).status == 200
    assert phase_of(site, execution)["gates"][0]["status"] == "ok"
