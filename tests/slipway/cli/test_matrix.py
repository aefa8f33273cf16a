"""`slipway matrix`: what is where, applications by environments."""

import json

from tests.slipway.cli.recorded_api import RecordedApi, Shell
from tests.slipway.cli.runs import at

CELL = {
    "deployment": "demo/app",
    "application": "demo/app",
    "version": "1.0",
    "phase": "ok",
    "since": at(0),
    "by": "ada",
    "before": "1.2",
    "drift": "behind",
    "drift_by": 2,
    "next": {"run": "R1", "run_nr": 8, "phase": "running", "started_by": "ada", "created_at": at(0)},
}


def test_what_is_where_is_listed_by_environment_page_after_page(api: RecordedApi, slipway: Shell) -> None:
    bare = {**CELL, "version": "1.2", "before": None, "drift": None, "drift_by": None, "next": None}
    shop = {
        "project": "shop",
        "title": "",
        "environments": ["test", "live"],
        "cells": {"test": [bare], "live": [CELL]},
    }
    empty = {"project": "web", "title": "", "environments": [], "cells": {}}
    api.on("GET /api/v1/matrix", {"items": [shop], "next": "shop"}, {"items": [empty], "next": None})

    found = json.loads(slipway("matrix", "--json").stdout)
    asked = [dict(one.query) for one in api.asked]
    api.on("GET /api/v1/matrix", {"items": [shop], "next": None})
    lines = [" ".join(line.split()) for line in slipway("matrix", "-p", "shop").stdout.splitlines()]

    assert [one["project"] for one in found] == ["shop", "web"]
    assert asked == [{}, {"page_from": "shop"}]
    assert lines[1].startswith("shop test demo/app 1.2 ok")
    assert lines[2].startswith("shop live demo/app 1.0 ok 2 behind 1.2")
    assert lines[2].endswith("ada #8 running")
