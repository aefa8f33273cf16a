"""Release ids and versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway.plan import versions
from slipway.plan.names import ReleaseId, parse_release_id, split_alias


@pytest.mark.parametrize(
    ("text", "project", "name", "query"),
    [
        ("app-v1.0", "_", "app", "v1.0"),
        ("demo/app-latest", "demo", "app", "latest"),
        ("demo/my-app-v-v1", "demo", "my-app-v", "v1"),
        ("demo/app-@", "demo", "app", "latest"),
        ("demo/app-v@", "demo", "app", "latest"),
        ("demo/app-v1.@", "demo", "app", "v1.@"),
        ("demo/app:stable", "demo", "app", "stable"),
        ("demo/app:v1.0", "demo", "app", "v1.0"),
        ("demo/app:latest", "demo", "app", "latest"),
        ("demo/app:1.0", "demo", "app", "v1.0"),
        ("_/app-v1", "_", "app", "v1"),
    ],
)
def test_a_release_id_names_project_name_and_query(text: str, project: str, name: str, query: str) -> None:
    assert parse_release_id(text) == ReleaseId(project=project, name=name, query=query)


@pytest.mark.parametrize(
    "text", ["", "app", "demo/app", "app-1.0", "App-v1", "demo/app-v", "demo/app-vx", "demo/app:", "a/b/c-v1", "x-v1"]
)
def test_what_is_no_release_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="invalid"):
        parse_release_id(text)


_NAMES = st.from_regex(r"[a-z][a-z0-9_-]{2,8}", fullmatch=True).filter(
    lambda name: name not in {"this", "string", "integer", "list", "dict", "func"}
)


@given(_NAMES, _NAMES, st.sampled_from(["latest", "v1.2", "v1.@", "stable", "rc-1"]))
def test_a_release_id_written_and_read_is_the_same(project: str, name: str, query: str) -> None:
    asked = ReleaseId(project=project, name=name, query=query)
    assert parse_release_id(str(asked)) == asked


def test_an_alias_follows_as() -> None:
    assert split_alias("demo/app-v1 as x") == ("demo/app-v1", "x")
    assert split_alias("demo/app-v1") == ("demo/app-v1", None)


@pytest.mark.parametrize("version", ["1", "01.02", "1.0.@", "@", "auto"])
def test_a_plan_may_have_a_version_or_ask_for_one(version: str) -> None:
    assert versions.is_plan_version(version)


@pytest.mark.parametrize("version", ["", "v1", "1.", "latest", "1.@.2", "1" * 100, "1." * 100 + "1"])
def test_what_the_inventory_would_refuse_is_no_version_of_a_plan(version: str) -> None:
    assert not versions.is_plan_version(version)
