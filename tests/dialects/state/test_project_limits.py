"""A project may limit how many of its jobs are done at once."""

from tests.dialects.state.site import Site

PROJECT = "/api/v1/state/web/"


def test_a_limit_stays_until_it_is_changed_and_is_shown_where_there_is_one() -> None:
    site = Site()
    assert "max_jobs" not in site.get(PROJECT)
    site.done("PUT", PROJECT, {"max_jobs": 3}, by="olga")
    assert site.get(PROJECT)["max_jobs"] == 3
    site.done("PUT", PROJECT, {"description": "shop"}, by="olga")
    assert site.get(PROJECT)["max_jobs"] == 3
    site.done("PUT", PROJECT, {"max_jobs": 0}, by="olga")
    assert "max_jobs" not in site.get(PROJECT)


def test_a_limit_is_a_number_that_is_not_negative() -> None:
    site = Site()
    assert site.refused("PUT", PROJECT, {"max_jobs": -1}, by="olga") == (400, ["max_jobs"])
    assert site.refused("PUT", PROJECT, {"max_jobs": "3"}, by="olga") == (400, ["max_jobs"])
    assert site.refused("PUT", PROJECT, {"max_jobs": 3}, by="ada")[0] == 403
