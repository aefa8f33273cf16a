"""A pipeline.json is read as it was meant, or refused with every defect, its place and its code."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.definitions.task_pipelines.compile import workload_name
from chalicelib.kernel.definitions.task_pipelines.read import read_task_pipeline, written_task_pipeline
from slipway_formats.defect import Invalid
from slipway_formats.workloads.manifest_reader import name_defect

CLUSTER: dict[str, Any] = {
    "name": "cluster_run",
    "original": "pipeline_example",
    "tasks": [
        {"name": "createcluster", "namespacetask": "quick_start/create", "run-if-error": False},
        {"name": "dataprocjob", "namespacetask": "quick_start/dataproc", "dependance": ["createcluster"]},
        {
            "name": "deletecluster",
            "namespacetask": "quick_start/delete",
            "dependance": ["dataprocjob"],
            "run-if-error": True,
        },
    ],
}


def a_task(name: str = "a", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"name": name, "namespacetask": "code/jobs/a", **more}


def defects(*tasks: object, **more: object) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        read_task_pipeline({"name": "run", "tasks": list(tasks), **more})
    return [(defect.code, defect.path) for defect in refused.value.defects]


def test_the_sample_of_the_original_is_read_and_written_alike() -> None:
    pipeline = read_task_pipeline(CLUSTER)

    assert [task.needs for task in pipeline.tasks] == [(), ("createcluster",), ("dataprocjob",)]
    assert [task.runs_if_error for task in pipeline.tasks] == [False, False, True]
    assert pipeline.tasks[1].repository == "quick_start"
    assert read_task_pipeline(written_task_pipeline(pipeline)) == pipeline
    assert read_task_pipeline(CLUSTER, name="other").name == "other"


@pytest.mark.parametrize("key", ["dependance", "dependence", "depends-on"])
def test_what_a_task_needs_is_spelled_in_three_ways_and_written_in_one(key: str) -> None:
    pipeline = read_task_pipeline({"name": "run", "tasks": [a_task("a"), a_task("b", **{key: ["a"]})]})

    assert written_task_pipeline(pipeline)["tasks"][1]["dependance"] == ["a"]  # type: ignore[index]  # JSON


def test_every_defect_is_told_with_its_code_and_place() -> None:
    assert defects(a_task(), a_task(), a_task("b", dependance=["x"])) == [
        ("DUPLICATE_TASK", "tasks[1].name"),
        ("UNKNOWN_DEPENDANCE", "tasks[2].dependance[0]"),
    ]
    assert defects(a_task(volumes=[]), speed=1) == [
        ("PIPELINE_INVALID", "tasks[0].volumes"),
        ("PIPELINE_INVALID", "speed"),
    ]
    assert defects() == [("PIPELINE_INVALID", "tasks")]
    assert defects({"name": "a"}) == [("PIPELINE_INVALID", "tasks[0].namespacetask")]
    assert defects({**a_task(dependance=[]), "depends-on": []}) == [("PIPELINE_INVALID", "tasks[0].depends-on")]
    for place in ("code", "code/", "/code", "code/../etc", "code//a", "code/.git"):
        assert defects(a_task(namespacetask=place)) == [("PIPELINE_INVALID", "tasks[0].namespacetask")]


def test_a_cycle_is_named() -> None:
    with pytest.raises(Invalid, match="need one another: a -> c -> b -> a") as refused:
        read_task_pipeline(
            {
                "name": "run",
                "tasks": [
                    a_task("a", dependance=["c"]),
                    a_task("b", dependance=["a"]),
                    a_task("c", dependance=["b"]),
                ],
            }
        )
    assert refused.value.code == "CYCLE"
    assert defects(a_task("a", dependance=["a"])) == [("CYCLE", "tasks")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
TASKS = st.dictionaries(
    st.sampled_from(
        ["name", "namespacetask", "dependance", "depends-on", "run-if-error", "env", "retries", "branch", "x"]
    ),
    JSON | st.sampled_from(["a", "code/a"]),
)


@given(JSON | st.fixed_dictionaries({"name": JSON, "tasks": st.lists(TASKS | JSON, max_size=4)}))
def test_any_json_is_read_or_refused(raw: object) -> None:
    try:
        pipeline = read_task_pipeline(raw)
    except Invalid as refused:
        assert all(defect.code and defect.message for defect in refused.defects)  # noqa: PT017 - either way is right
    else:
        assert read_task_pipeline(written_task_pipeline(pipeline)) == pipeline


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_tasks_name_is_one_that_a_workload_may_have(pipeline: str, task: str) -> None:
    assert name_defect(workload_name(pipeline, task)) == ""
