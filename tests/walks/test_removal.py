"""A project was removed while work was done in it: what ran is stopped, and nobody sees it any more."""

from tests.walks.removed import PROJECT, WEB, Removed
from tests.walks.site import Site

LISTS = (
    "pipelines/by-project/{}/executions/",
    "deployment-jobs/by-project/{}/executions/",
    "state/{}/builds/executions/",
)


def test_what_runs_is_stopped_before_its_project_is_gone(removal: Removed) -> None:
    assert not removal.asks[0]["complete"]
    assert removal.asks[0]["stopping"] >= 1
    assert (removal.before > 0, removal.left) == (True, [])


def test_all_asks_together_removed_everything(removal: Removed) -> None:
    totals = {name: sum(ask["removed"][name] for ask in removal.asks) for name in removal.asks[0]["removed"]}

    gone = {name: total for name, total in totals.items() if total}
    assert gone == {"environments": 2, "deployments": 1, "pipelines": 2, "executions": 3}


def test_nobody_sees_it_from_the_first_ask_on(removal: Removed) -> None:
    assert removal.during.status == 404
    assert removal.run.status == 404
    assert removal.after.status == 404


def test_a_project_of_the_same_name_begins_anew(removal: Removed, site: Site) -> None:
    assert removal.asks[-1]["complete"]
    site.project(PROJECT, "staging")
    assert site.get(f"{WEB}environments/staging/?full=true") == {"name": "staging"}
    assert [site.get(f"/api/v1/{path.format(PROJECT)}") for path in LISTS] == [[], [], []]
    site.pipeline(
        PROJECT, "idle", [{"name": "only", "environment": "staging", "exclusive": True, "steps": [{"type": "noop"}]}]
    )
    assert site.ended(site.trigger(PROJECT, "idle"))["phase"] == "succeeded"
