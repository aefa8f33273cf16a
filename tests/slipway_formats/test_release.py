"""The metadata of a release: what one side writes, the other reads; JSON has the form that Go gives it."""

import json

from chalicelib.dialects.inventory.go_json.read_metadata import read_metadata
from slipway.plan.release_json import to_dict, to_text
from slipway.plan.release_reading import read
from slipway_formats.release import Dependency, Errand, Metadata, ReleaseStage, Scope, Template, Variable
from slipway_formats.release_writer import write

WHOLE = Metadata(
    name="app",
    version="1.0",
    inputs=(Variable(id="size", type="list", options={"type": "integer"}, default=[1], scopes=("build",)),),
    depends=(Dependency(release_id="demo/db-v1", consumes={"b": "1", "a": "2"}, scopes=("build", "deploy")),),
    errands={"dump": Errand(name="dump", exec_stage=ReleaseStage(cmd="pg_dump", args=("-v",)))},
    templates=(Template(file="a.tpl", target="a", mapping={"x": {"d": 1, "c": [{"b": None, "a": True}]}}),),
)


def test_what_is_written_reads_as_the_same_metadata() -> None:
    assert read_metadata(json.dumps(write(WHOLE)).encode()) == WHOLE


def test_null_stays_null_and_what_is_left_out_gets_its_default() -> None:
    metadata = read_metadata(b'{"consumes": null, "files": null}')
    assert metadata is not None
    assert (metadata.consumes, metadata.files, metadata.provides, metadata.stages) == (None, None, (), {})


def test_the_runner_writes_maps_inside_maps_by_their_keys_as_go_does() -> None:
    template = {"file": "a", "target": "b", "mapping": {"x": {"d": 1, "c": 2}}}
    text = to_text(to_dict(read({"name": "app", "version": "1", "templates": [template]})))
    assert text.index('"c": 2') < text.index('"d": 1')


def test_a_part_that_names_no_life_counts_in_both() -> None:
    assert all(Variable(id="a").is_in(scope) for scope in Scope)
    assert not Variable(id="a", scopes=("build",)).is_in(Scope.DEPLOY)
