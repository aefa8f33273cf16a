"""Read build steps from the State Service or from `escapekit.yml`. Performing them: build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any

from slipway.plan import document
from slipway.plan.defects import Defects
from slipway.plan.names import project_defect
from slipway.plan.parts import inside
from slipway.plan.reading import Fields
from slipway.plan.release import Value
from slipway_formats import glob
from slipway_formats.build_step import BuildStep

STEPS_FILE = "escapekit.yml"
_FLAGS = {one.name: one.default for one in fields_of(BuildStep) if isinstance(one.default, bool)}
"""Flags of a step with their defaults."""

_KEYS = frozenset({one.name for one in fields_of(BuildStep)} | {"escape_plan_location"})


def read(raw: Mapping[str, Any], file: str = "build") -> BuildStep:
    """Read the step in the JSON of a build; unknown keys are ignored. Faults: PlanError."""
    defects = Defects(file=file)
    step = _step(Fields(raw=raw, path="", defects=defects))
    defects.refuse_if_any()
    return step


def read_file(text: str) -> tuple[BuildStep, ...]:
    """Read the steps in the repository's `escapekit.yml`; unknown keys are refused. Faults: PlanError."""
    defects = Defects(file=STEPS_FILE)
    fields = Fields(raw=document.load(text, defects).values, path="", defects=defects)
    fields.refuse_unknown(("escapekit_version", "build"))
    if fields.raw.get("escapekit_version") not in {1, "1"}:
        fields.wrong("escapekit_version", "expected 1")
    build = fields.mapping("build")
    build.refuse_unknown(("steps",))
    steps = build.each("steps", _read_strictly)
    if not steps:
        build.wrong("steps", "missing")
    defects.refuse_if_any()
    return steps


def _read_strictly(fields: Fields, path: str, item: Value) -> BuildStep:
    inner = fields.enter(item, path)
    inner.refuse_unknown(_KEYS)
    step = _step(inner)
    for key in ("build_on_file_changes", "ignore_file_changes"):
        for place, text in enumerate(getattr(step, key)):
            for defect in glob.check(text, f"{key}[{place}]"):
                inner.wrong(defect.path, defect.message)
    return step


def _step(fields: Fields) -> BuildStep:
    location = fields.text("plan_location") or fields.text("escape_plan_location") or "escape.yml"
    inside(fields, "plan_location", location)
    namespace = fields.text("override_namespace")
    if namespace and project_defect(namespace) is not None:
        fields.wrong("override_namespace", f"invalid namespace '{namespace}'")
    return BuildStep(
        plan_location=location, override_namespace=namespace, variables=dict(fields.mapping("variables").raw),
        providers=fields.strings("providers"), build_on_file_changes=fields.texts("build_on_file_changes"),
        ignore_file_changes=fields.texts("ignore_file_changes"),
        **{key: fields.flag(key, default=default) for key, default in _FLAGS.items()},
    )  # fmt: skip
