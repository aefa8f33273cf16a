"""Read a pipeline of gates from JSON, as FlexDeploy's clients send it. All defects are collected, each by its place."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from chalicelib.kernel.definitions.gated.check import pipeline_defects
from chalicelib.kernel.definitions.gated.pipeline import (
    GatedGate,
    GatedGateType,
    GatedPipeline,
    GatedStage,
    GatedStep,
    GatedStepType,
)
from chalicelib.kernel.definitions.staged.json_object import JsonObject
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.check import MAX_QUORUM
from chalicelib.kernel.plans.check_work import LONGEST_WAIT
from chalicelib.kernel.plans.work import Qualifier
from chalicelib.kernel.trains.role import PipelineRole
from slipway_formats.defect import Defect

QUALIFIERS: Mapping[str, Qualifier] = {
    "all-passed": Qualifier.ALL_PASSED,
    "failed-at-most": Qualifier.FAILED_AT_MOST,
    "passed-at-least-percent": Qualifier.PERCENT_PASSED_AT_LEAST,
}
"""The qualifiers of a test gate, as documents write them."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = 253_402_300_799_000
"""Milliseconds of the last second of the year 9999."""

LONGEST_TASK = 10**6
Word = TypeVar("Word", bound=StrEnum)


def read_gated_pipeline(document: object, now: datetime) -> GatedPipeline:
    """Return the pipeline of a document. Faults: Invalid with every defect that can be found without looking up ids."""
    defects: list[Defect] = []
    pipeline = _pipeline(JsonObject(document, "", defects))
    known = {defect.path for defect in defects}
    defects.extend(defect for defect in pipeline_defects(pipeline, now) if defect.path not in known)
    if defects:
        raise Invalid(tuple(defects))
    return pipeline


def _pipeline(said: JsonObject) -> GatedPipeline:
    stages = [_stage(one, place) for place, one in enumerate(said.objects("stages"))]
    return GatedPipeline(
        stages=tuple(stages),
        roles=_roles(said),
        properties=dict(_property(one) for one in said.objects("properties")),
        groups=said.texts("groups"),
    )


def _property(said: JsonObject) -> tuple[str, str]:
    return said.needed("name"), said.text("value")


def _roles(said: JsonObject) -> tuple[PipelineRole, ...]:
    return tuple(
        PipelineRole(
            name=one.needed("roleName"),
            users=one.texts("users"),
            groups=one.texts("groups"),
            emails=one.texts("emails"),
        )
        for one in said.objects("roles")
    )


def _stage(said: JsonObject, place: int) -> GatedStage:
    if not said.has("environmentId"):
        said.refuse("environmentId", "is required")
    return GatedStage(
        environment=said.identifier("environmentId") or 0,
        order=said.number("sortOrder", place + 1),
        gates=tuple(_gate(one) for one in said.objects("gates")),
        steps=_steps(said.objects("steps")),
    )


def _gate(said: JsonObject) -> GatedGate:
    qualifier = said.text("qualifier", "all-passed")
    if qualifier not in QUALIFIERS:
        said.refuse("qualifier", f"should be one of {', '.join(QUALIFIERS)}")
    return GatedGate(
        name=said.needed("gateName"),
        type=_word(said, "gateType", GatedGateType, GatedGateType.APPROVAL),
        description=said.text("gateDescription"),
        role=said.text("roleName"),
        cron=said.text("cronExpression"),
        timezone=said.text("timezone"),
        precondition=said.text("precondition"),
        quorum=said.whole("quorum", usual=1, least=1, most=MAX_QUORUM),
        no_self_approval=said.flag("noSelfApproval"),
        all_groups=said.flag("allTasksRequired"),
        system=said.text("externalSystemType"),
        ticket=said.text("externalId"),
        environment=said.identifier("environmentId"),
        qualifier=QUALIFIERS.get(qualifier, Qualifier.ALL_PASSED),
        value=said.number("value"),
    )


def _steps(said: Iterator[JsonObject]) -> tuple[GatedStep, ...]:
    """Return the steps; one that says no order comes after all before it."""
    steps: list[GatedStep] = []
    for one in said:
        usual = int(max((step.order for step in steps), default=0)) + 1
        steps.append(replace(_step(one), order=one.number("stepOrder", usual)))
    return tuple(steps)


def _step(said: JsonObject) -> GatedStep:
    return GatedStep(
        name=said.needed("stepName"),
        type=_word(said, "stepType", GatedStepType, GatedStepType.MANUAL),
        order=0,
        description=said.text("stepDescription"),
        role=said.text("roleName"),
        roles=said.texts("roles"),
        cron=said.text("cronExpression"),
        timezone=said.text("timezone"),
        seconds=_whole(said, "waitDuration", int(LONGEST_WAIT.total_seconds())),
        until=_instant(said, "waitUntilDate"),
        project=said.identifier("projectId"),
        include=said.texts("include"),
        exclude=said.texts("exclude"),
        continues=said.flag("onErrorContinue"),
        notifies=said.flag("notifyPipelineRoles"),
        precondition=said.text("precondition"),
        subject=said.text("subject"),
        message=said.text("message"),
        minutes=_whole(said, "estimatedMinutes", LONGEST_TASK),
        steps=_steps(said.objects("steps")),
    )


def _whole(said: JsonObject, key: str, most: int) -> int | None:
    return said.whole(key, usual=1, least=1, most=most) if said.has(key) else None


def _instant(said: JsonObject, key: str) -> datetime | None:
    """Return the instant of a field that counts milliseconds since 1970."""
    if not said.has(key):
        return None
    return EPOCH + timedelta(milliseconds=said.whole(key, usual=0, least=0, most=LATEST))


def _word(said: JsonObject, key: str, words: type[Word], usual: Word) -> Word:
    """Return one of the words that a field may have; of another, `usual` beside the defect."""
    text = said.needed(key)
    if text in set(words):
        return words(text)
    if text:
        said.refuse(key, f"should be one of {', '.join(words)}")
    return usual
