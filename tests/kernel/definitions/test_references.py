"""Which fields of definitions may name what is another project's."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, get_args, get_type_hints

import pytest

from chalicelib.kernel.access.actor import Actor
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.definition import Definition
from chalicelib.kernel.definitions.pipeline import PipelineStep, StepType
from chalicelib.kernel.definitions.references import FOREIGN, OWN, Reference, ReferenceKind, references
from slipway_formats.build_step import BuildStep
from tests.kernel.definitions.given import a_build, a_job, a_phase, a_pipeline

DEFINITIONS: tuple[type, ...] = get_args(Definition)


def records(kinds: tuple[type, ...]) -> tuple[type, ...]:
    """The records that these hold, however deep, and they themselves."""
    seen: dict[type, None] = {}
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop()
        if kind not in seen:
            seen[kind] = None
            inner = (part for hint in get_type_hints(kind).values() for part in parts(hint))
            waiting.extend(part for part in inner if isinstance(part, type) and is_dataclass(part))
    return tuple(kind for kind in seen if kind is not Actor)


def parts(hint: Any) -> Iterator[Any]:  # noqa: ANN401 - any type
    yield hint
    for inner in get_args(hint):
        yield from parts(inner)


def texts(kind: type) -> frozenset[str]:
    """The fields of a record that hold text."""
    hints = get_type_hints(kind)
    return frozenset(one.name for one in fields(kind) if any(is_text(part) for part in parts(hints[one.name])))


def is_text(part: Any) -> bool:  # noqa: ANN401 - any type
    return isinstance(part, type) and issubclass(part, str) and not issubclass(part, Enum)


@pytest.mark.parametrize("kind", records(DEFINITIONS), ids=lambda kind: kind.__name__)
def test_of_every_text_it_is_known_whether_it_may_be_foreign(kind: type) -> None:
    foreign, own = frozenset(FOREIGN.get(kind, ())), OWN.get(kind, frozenset())

    assert foreign | own == texts(kind)
    assert not foreign & own


def test_the_walk_finds_steps_of_groups_too() -> None:
    step = PipelineStep(type=StepType.DEPLOY, project="other", namespace="hidden", tag="stable")
    group = PipelineStep(type=StepType.GROUP, steps=(step,))

    assert list(references(a_pipeline(a_phase(group)))) == [
        Reference(
            path="phases[0].steps[0].steps[0].project", kind=ReferenceKind.PROJECT, name="other", level=Level.WRITE
        ),
        Reference(
            path="phases[0].steps[0].steps[0].namespace", kind=ReferenceKind.NAMESPACE, name="hidden", level=Level.WRITE
        ),
    ]


def test_an_ending_is_heard_by_who_may_read() -> None:
    step = PipelineStep(type=StepType.BUILD, build="app", project="other", trigger_pipeline_on_build=True)
    levels = [
        [one.level for one in references(a_pipeline(a_phase(each)))]
        for each in (step, replace(step, trigger_pipeline_on_build=False), replace(step, type=StepType.DEPLOY))
    ]

    assert levels == [[Level.READ], [Level.WRITE], [Level.WRITE]]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (a_job(), {"release": ("demo", Level.READ)}),
        (replace(a_job(), release="app"), {"release": ("_", Level.READ)}),
        (
            a_build("app", BuildStep(), BuildStep(override_namespace="x")),
            {"steps[1].override_namespace": ("x", "write")},
        ),
    ],
)
def test_namespaces_of_releases_are_found(definition: Definition, expected: Mapping[str, object]) -> None:
    assert {one.path: (one.name, one.level) for one in references(definition)} == expected
