"""The differences between releases: their paths and values are Escape's, and they say all that is different."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from chalicelib.kernel.releases.diff import FIELDS, Change, Kind, difference
from slipway_formats.release import (
    Consumer,
    Dependency,
    Download,
    Errand,
    Extension,
    Metadata,
    Provider,
    ReleaseStage,
    Template,
    Variable,
)
from tests.laws.profiles import effort

PARSED = (".Project", ".Name", ".Version", ".Tag")
"""What is told of a dependency beside its id, and follows from that."""


def the_one(old: Metadata, new: Metadata) -> Change:
    (change,) = difference(old, new)
    return change


def test_a_release_is_not_different_from_itself() -> None:
    metadata = Metadata(
        version="1.0", inputs=(Variable(id="a", default=3),), depends=(Dependency(release_id="a/b-v1"),)
    )
    assert difference(metadata, metadata) == ()


def test_a_changed_number_is_a_change() -> None:
    before, after = (Metadata(inputs=(Variable(id="a", default=one),)) for one in (3, 4))
    assert the_one(before, after) == Change(kind=Kind.CHANGE, path=("Inputs", "[0]", ".Default"), old=3, new=4)


def test_elements_come_and_go_at_the_place_of_their_list() -> None:
    before, after = Metadata(generates=("a", "b", "c")), Metadata(generates=("x",))
    assert difference(before, after) == (
        Change(kind=Kind.CHANGE, path=("Generates", "[0]"), old="a", new="x"),
        Change(kind=Kind.REMOVE, path=("Generates",), old="b"),
        Change(kind=Kind.REMOVE, path=("Generates",), old="c"),
    )


def test_keys_come_and_go_at_the_place_of_their_map() -> None:
    before, after = Metadata(metadata={"a": "1", "b": "1"}), Metadata(metadata={"b": "2", "c": "1"})
    assert difference(before, after) == (
        Change(kind=Kind.REMOVE, path=("Metadata",), old="a"),
        Change(kind=Kind.CHANGE, path=("Metadata", '["b"]'), old="1", new="2"),
        Change(kind=Kind.ADD, path=("Metadata",), new="c"),
    )


def test_stages_and_errands_are_looked_into() -> None:
    old = Metadata(
        stages={"build": ReleaseStage(args=("a", "b"))}, errands={"e": Errand(exec_stage=ReleaseStage(script="x"))}
    )
    new = Metadata(
        stages={"build": ReleaseStage(args=("a", "c"))}, errands={"e": Errand(exec_stage=ReleaseStage(script="y"))}
    )
    assert [one.path for one in difference(old, new)] == [
        ("Errands", '["e"]', ".Run", ".RelativeScript"),
        ("Stages", '["build"]', ".Args", "[1]"),
    ]


def test_another_version_of_a_dependency_is_two_changes() -> None:
    old, new = (Metadata(depends=(Dependency(release_id=f"a/b-v{version}"),)) for version in ("1.0", "2.0"))
    assert [one.path for one in difference(old, new)] == [
        ("Depends", "[0]", ".ReleaseId"),
        ("Depends", "[0]", ".Version"),
    ]


def test_what_was_null_is_added_and_what_becomes_null_is_removed() -> None:
    old, new = (Metadata(inputs=(Variable(id="a", default=one),)) for one in (None, [1]))
    assert the_one(old, new).kind is Kind.ADD
    assert the_one(new, old) == Change(kind=Kind.REMOVE, path=("Inputs", "[0]", ".Default"), old=[1])


words = some.text('abc[]".', max_size=3)
plain = some.recursive(
    some.integers(0, 9) | words | some.booleans(), lambda inner: some.lists(inner, max_size=2), max_leaves=4
)
texts = some.lists(words, max_size=2).map(tuple)
scopes = some.sampled_from([("build",), ("build", "deploy")])
mappings = some.builds(lambda a, b: {"a": a, "b": b}, plain, plain)
stages = some.builds(ReleaseStage, cmd=words, args=texts, inline=words, script=words)
variables = some.builds(
    Variable, id=words, default=plain, visible=some.booleans(), options=mappings, items=plain, scopes=scopes
)
downloads = some.builds(Download, url=words, overwrite=some.booleans(), if_not_exists=texts, scopes=scopes)
errands = some.builds(Errand, script=words, exec_stage=stages, inputs=some.lists(variables, max_size=2).map(tuple))
release_ids = some.sampled_from(["a/b-v1.0", "a/b-v1.1", "a/c-latest", "d/b:tag", "b-v1.@", "none"])
dependencies = some.builds(
    Dependency, release_id=release_ids, mapping=mappings, build_mapping=mappings, variable=words, scopes=scopes
)


def some_of(records: some.SearchStrategy[Any]) -> some.SearchStrategy[tuple[Any, ...]]:
    return some.lists(records, max_size=2).map(tuple)


# A key that comes is told without its value: maps have the same keys.
releases = some.builds(
    Metadata,
    api_version=some.integers(1, 15),
    description=words,
    generates=texts,
    metadata=some.builds(lambda a, b: {"a": a, "b": b}, words, words),
    consumes=some_of(some.builds(Consumer, name=words, scopes=scopes, skip_activate=some.booleans())),
    depends=some_of(dependencies),
    downloads=some_of(downloads),
    errands=some.builds(lambda one: {"backup": one}, errands),
    extends=some_of(some.builds(Extension, release_id=release_ids)),
    inputs=some_of(variables),
    provides=some_of(some.builds(Provider, name=words)),
    stages=some.builds(lambda stage: {"build": stage}, stages),
    templates=some_of(some.builds(Template, file=words, scopes=scopes, mapping=mappings)),
)


@effort(100)
@given(releases, releases)
def test_the_old_with_all_changes_is_the_new(old: Metadata, new: Metadata) -> None:
    changed: Any = old
    for change in difference(old, new):
        changed = _applied(changed, list(change.path), change)
    assert changed == new


def _applied(value: Any, path: list[str], change: Change) -> Any:  # noqa: ANN401 - any part of the metadata
    if not path:
        return _ended(value, change)
    part, rest = path[0], path[1:]
    if is_dataclass(value) and not isinstance(value, type):
        pairs = dict(entry.split("=") for entry in FIELDS[type(value)].split())
        if isinstance(value, Dependency) and part in PARSED:
            return value
        name = pairs[part.removeprefix(".")]
        assert name in {field.name for field in fields(value)}
        return replace(value, **{name: _applied(getattr(value, name), rest, change)})
    if isinstance(value, Mapping):
        key = part[2:-2]
        return {**value, key: _applied(value[key], rest, change)}
    place = int(re.sub(r"\D", "", part))
    changed = [_applied(one, rest, change) if at == place else one for at, one in enumerate(value)]
    return type(value)(changed)


def _ended(value: Any, change: Change) -> Any:  # noqa: ANN401 - any part of the metadata
    if isinstance(value, list | tuple) and change.kind is Kind.ADD:
        return type(value)((*value, change.new))
    if isinstance(value, list | tuple) and change.kind is Kind.REMOVE:
        # Those that go are the last ones, told from the first of them on.
        return type(value)(_without_first_surplus(value, change.old))
    assert type(value) is type(change.old)
    assert value == change.old
    return change.new


def _without_first_surplus(value: Any, gone: object) -> list[Any]:  # noqa: ANN401 - a list or a tuple
    places = [place for place, one in enumerate(value) if one == gone and type(one) is type(gone)]
    assert places
    return [one for at, one in enumerate(value) if at != places[-1]]
