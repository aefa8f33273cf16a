"""A gate of windows: as it was given, and refused with the place of what is wrong."""

from typing import Any

import pytest

from tests.dialects.state.site import Site
from tests.dialects.state.walk import PIPELINE, PIPELINES

NEW = f"{PIPELINES}/by-project/web/add"
WORKDAYS = {"opens": "0 0 8 ? * MON-FRI", "closes": "0 0 17 ? * MON-FRI"}


def pipeline(*windows: dict[str, str]) -> dict[str, Any]:
    gate = {"name": "hours", "type": "window", "windows": list(windows)}
    return {"name": "release", "phases": [{"gates": [gate], "steps": [{"name": "s", "type": "noop"}]}]}


def test_windows_are_shown_as_they_were_given() -> None:
    site = Site()
    site.done("POST", NEW, pipeline(WORKDAYS))

    (gate,) = site.get(f"{PIPELINE}/")["phases"][0]["gates"]

    assert (gate["type"], gate["windows"]) == ("window", [WORKDAYS])


@pytest.mark.parametrize(
    ("windows", "place"),
    [
        ((), "phases[0].gates[0].windows"),
        (({**WORKDAYS, "closes": "often"},), "phases[0].gates[0].windows[0].closes"),
        ((WORKDAYS, {**WORKDAYS, "opens": "0 0 8 1 1 ? 1999"}), "phases[0].gates[0].windows[1].opens"),
    ],
)
def test_windows_that_cannot_be_are_refused_by_their_place(windows: tuple[dict[str, str], ...], place: str) -> None:
    refused = Site().ask("POST", NEW, pipeline(*windows))

    assert refused.status == 400
    assert place in refused.text
