"""Namespaces are shown, their hooks set; yanking and tagging say what is meant for use."""

import pytest

from slipway.cli.places.inventory_paths import places_path
from tests.slipway.cli.recorded_api import Answer, RecordedApi, Shell

ROOT = "/api/v1/inventory/"
DEMO = f"{ROOT}demo/"
UNIT = f"{DEMO}units/app/"
EMPTY = Answer(body=b"")
A_NAMESPACE = {"name": "demo", "description": "of the shop", "permission": "owner", "is_public": True, "units": {}}
AN_APP = {"project": "demo", "latest_version": "1.2", "uploaded_by": "ann", "description": "d"}


def test_a_namespace_is_shown_with_its_applications(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {DEMO}", {**A_NAMESPACE, "units": {"app": AN_APP}})

    lines = slipway("namespace", "show", "demo").stdout.splitlines()

    assert [line.split() for line in lines[:4]] == [
        ["namespace", "demo"], ["description", "of", "the", "shop"], ["may", "owner"], ["public", "yes"],
    ]  # fmt: skip
    assert lines[-1].split()[:2] == ["demo/app", "1.2"]


def test_hooks_are_shown_by_kind(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {UNIT}hooks/", {"slack": {"url": "https://s", "username": "bot"}, "build": {"url": "https://b"}})
    api.on(f"GET {DEMO}hooks/", {})

    lines = slipway("hook", "show", "demo/app").stdout.splitlines()

    assert [line.split() for line in lines[1:]] == [["slack", "https://s", "username=bot"], ["build", "https://b"]]
    assert slipway("hook", "show", "demo").stdout == "no hooks\n"


def test_one_hook_is_set_and_the_others_stay(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {DEMO}hooks/", {"slack": {"url": "https://s"}, "events": {"url": "https://old"}})
    api.on(f"PUT {DEMO}hooks/", EMPTY)

    result = slipway("hook", "set", "demo", "events", "--url", "https://e", "--secret-stdin", stdin="s3cret\n")

    assert result.exit_code == 0, result.output
    assert api.last("PUT").body == {"slack": {"url": "https://s"}, "events": {"url": "https://e", "secret": "s3cret"}}
    assert "s3cret" not in result.output


def test_a_new_secret_stands_alone_on_stdout(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {UNIT}hooks/", {})
    api.on(f"PUT {UNIT}hooks/", EMPTY)

    first, second = (slipway("hook", "set", "demo/app", "build", "--url", "https://b", "--new-secret") for _ in "ab")

    assert first.stdout.startswith("whsec_")
    assert first.stdout.strip() != second.stdout.strip()
    assert api.last("PUT").body == {"build": {"url": "https://b", "secret": second.stdout.strip()}}
    assert slipway("hook", "set", "demo", "events", "--url", "u", "--new-secret", "--secret-stdin").exit_code == 64


def test_a_hook_is_removed(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {DEMO}hooks/", {"slack": {"url": "https://s"}, "events": {"url": "https://e"}})
    api.on(f"PUT {DEMO}hooks/", EMPTY)

    assert slipway("hook", "remove", "demo", "slack").exit_code == 64
    assert slipway("hook", "remove", "demo", "slack", "--yes").exit_code == 0
    assert api.last("PUT").body == {"events": {"url": "https://e"}}
    assert slipway("hook", "remove", "demo", "build", "--yes").exit_code == 3


def test_a_release_is_yanked_with_a_reason_and_taken_back(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {UNIT}versions/v1.2/yank", EMPTY)
    api.on(f"DELETE {UNIT}versions/v1.2/yank", EMPTY)

    assert slipway("release", "yank", "demo/app-v1.2", "--reason", "leaks").exit_code == 0
    assert api.last("POST").body == {"reason": "leaks"}
    assert slipway("release", "unyank", "demo/app-v1.2").stdout == "demo/app-v1.2 is in use again\n"
    assert slipway("release", "yank", "demo/app-v1.2").exit_code == 64


@pytest.mark.parametrize("reference", ["demo/app", "demo/app:stable", "demo/app-v1.@", "demo/app-latest"])
def test_what_may_be_another_release_tomorrow_is_not_yanked(api: RecordedApi, slipway: Shell, reference: str) -> None:
    assert slipway("release", "yank", reference, "--reason", "x").exit_code == 64
    assert api.asked == []


def test_tags_are_listed_with_what_they_name(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {UNIT}tags/", {"stable": "1.2", "next": "1.3"})

    lines = slipway("release", "tags", "demo/app").stdout.splitlines()

    assert [line.split() for line in lines[1:]] == [["next", "demo/app-v1.3"], ["stable", "demo/app-v1.2"]]
    assert slipway("release", "tags", "demo").exit_code == 64


def test_a_yanked_release_says_why(api: RecordedApi, slipway: Shell) -> None:
    yanked = {"reason": "it leaks", "by": "ann", "at": "2026-05-01T12:00:00Z"}
    full = {"release": {"version": "1.2"}, "yanked": yanked, "sha256": "ab", "size": 1234567, "versions": ["1"] * 12}
    built = {"provenance": {"repository": "git@x:shop", "revision": "a1", "built_by": "ann", "run": "r7"}}
    api.on(f"GET {UNIT}versions/v1.2/", {**full, **built})
    api.on(f"GET {places_path('demo', 'app')}", {"items": [], "next": None})

    shown = slipway("release", "show", "demo/app-v1.2").stdout

    for line in (
        "it leaks (by ann, 2026-05-01 12:00:00 UTC)",
        "1,234,567 bytes, SHA-256 ab",
        "1, 1 and 2 more",
        "git@x:shop",
        "r7",
    ):
        assert line in shown
