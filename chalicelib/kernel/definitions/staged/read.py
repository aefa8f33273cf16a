"""Read a pipeline of stages from JSON, as BuildMaster's clients upload it: keys in any case, unknown ones ignored.

All defects are told at once. Days are named, times are `hh:mm[:ss][±hh:mm]`.
"""

import json
import re
from collections.abc import Iterator
from datetime import time, timedelta, timezone, tzinfo

from chalicelib.kernel.definitions.staged.json_object import JsonObject
from chalicelib.kernel.definitions.staged.pipeline import (
    DAYS,
    DeliveryStage,
    DeploymentWindow,
    StageApproval,
    StagedPipeline,
    StageGate,
    Target,
    machines_of,
)
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.trains.completion import DEFAULT, Completion
from chalicelib.kernel.trains.numbering import folded, text_defects
from chalicelib.kernel.trains.variables import variable_defects
from slipway_formats.defect import Defect

MOST_STAGES = 100
MOST_OF_A_GROUP = 100
MODES = ("parallel", "sequential")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)


def read_staged_pipeline(text: str, name: str) -> StagedPipeline:
    """Return the pipeline. name: that it has where its text says none. Faults: Invalid with every defect."""
    defects: list[Defect] = []
    pipeline = _pipeline(JsonObject(_parsed(text), "", defects), name)
    defects.extend(_stage_defects(pipeline))
    if defects:
        raise Invalid(tuple(defects))
    return pipeline


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid.single("", "a pipeline is a JSON object") from error


def _pipeline(said: JsonObject, name: str) -> StagedPipeline:
    after = said.inner("PostDeploymentOptions")
    return StagedPipeline(
        name=said.text("Name") or name,
        description=said.text("Description"),
        color=said.text("Color"),
        keeps_order=said.flag("EnforceStageSequence", usual=True),
        rejects_older=said.flag("RejectOlderBuilds"),
        variables=said.pairs("Variables"),
        stages=tuple(_stage(one) for one in said.objects("Stages")),
        completion=Completion(
            deploys_train=after.flag("DeployRelease", usual=DEFAULT.deploys_train),
            cancels_earlier=after.flag("CancelReleases", usual=DEFAULT.cancels_earlier),
            creates_next=after.flag("CreateRelease", usual=DEFAULT.creates_next),
        ),
    )


def _stage(said: JsonObject) -> DeliveryStage:
    mode = said.text("TargetExecutionMode", MODES[0]).casefold()
    if mode not in MODES:
        said.refuse("TargetExecutionMode", "should be Parallel or Sequential")
    return DeliveryStage(
        name=said.needed("Name"),
        description=said.text("Description"),
        promotes=said.flag("AutoPromote"),
        in_sequence=mode == MODES[1],
        exclusive=said.flag("Exclusive"),
        gate=_gate(said.inner("Gate")),
        variables=said.pairs("Variables"),
        targets=tuple(_target(one) for one in said.objects("Targets")),
    )


def _target(said: JsonObject) -> Target:
    roles = said.texts("ServerRoleNames") or said.texts("RoleNames")
    return Target(
        plan=said.needed("PlanName"),
        environment=said.text("EnvironmentName").strip(),
        servers=said.texts("ServerNames"),
        roles=roles,
    )


def _gate(said: JsonObject) -> StageGate:
    users = (
        StageApproval(user=one.needed("Name"), description=one.text("Description"))
        for one in said.objects("UserApprovals")
    )
    groups = (
        StageApproval(
            group=one.needed("Name"),
            count=one.whole("Count", usual=1, least=1, most=MOST_OF_A_GROUP),
            description=one.text("Description"),
        )
        for one in said.objects("GroupApprovals")
    )
    return StageGate(
        approvals=(*users, *groups),
        windows=tuple(_window(one) for one in said.objects("DeploymentWindows")),
        checks=tuple(one.needed("Name") for one in said.objects("AutomaticApprovals")),
    )


def _window(said: JsonObject) -> DeploymentWindow:
    days = tuple(_days(said))
    start, first = _clock(said, "StartTime")
    end, second = _clock(said, "EndTime")
    offset = first or second
    if first is not None and second is not None and first.utcoffset(None) != second.utcoffset(None):
        said.refuse("EndTime", "has another offset than StartTime")
    # From midnight to midnight is the whole day.
    if not days or start == end != time():
        said.refuse("", "never opens")
    return DeploymentWindow(days=days, start=start, end=end, offset=offset)


def _days(said: JsonObject) -> Iterator[int]:
    if not said.has("Days"):
        yield from range(len(DAYS))
        return
    for name in dict.fromkeys(folded(one.strip()) for one in said.texts("Days")):
        if name in DAYS:
            yield DAYS.index(name)
        else:
            said.refuse("Days", f"{name[:20]!r} is no day: {', '.join(DAYS)}")


def _clock(said: JsonObject, key: str) -> tuple[time, tzinfo | None]:
    """Return a time of day and its offset. A window that does not say its end is open until midnight."""
    text = said.text(key).strip()
    found = _TIME.fullmatch(text) if text else None
    try:
        if found is not None:
            hour, minute, second, offset = found.groups()
            is_midnight = (hour, int(minute), int(second or 0)) == ("24", 0, 0)
            return time() if is_midnight else time(int(hour), int(minute), int(second or 0)), _offset(offset)
    except ValueError:
        found = None
    if text and found is None:
        said.refuse(key, "should be a time such as 08:00 or 17:30+01:00")
    return time(), None


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text == "Z":
        return timezone(timedelta())
    length = timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
    return timezone(-length if text[0] == "-" else length)


def _stage_defects(pipeline: StagedPipeline) -> Iterator[Defect]:
    yield from text_defects(pipeline.name, "Name")
    yield from variable_defects(pipeline.variables, "Variables")
    if not 1 <= len(pipeline.stages) <= MOST_STAGES:
        yield Defect("Stages", f"should be from 1 to {MOST_STAGES}")
    names = [folded(stage.name) for stage in pipeline.stages]
    for number, stage in enumerate(pipeline.stages[:MOST_STAGES]):
        if stage.name and names[number] in names[:number]:
            yield Defect(f"Stages[{number}].Name", f"stage {stage.name[:100]} is there twice")
        yield from text_defects(stage.name, f"Stages[{number}].Name")
        yield from variable_defects(stage.variables, f"Stages[{number}].Variables")
        for place, target in enumerate(stage.targets):
            path = f"Stages[{number}].Targets[{place}]"
            for machine in machines_of(target):
                yield from text_defects(machine.step_name(target), path)
            if len(target.servers) + len(target.roles) > MOST_OF_A_GROUP:
                yield Defect(path, f"has over {MOST_OF_A_GROUP} servers and roles")
