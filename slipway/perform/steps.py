"""The steps of a build as the State Service and `escapekit.yml` write them. Performing one lives in build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slipway.perform import globs
from slipway.plan import document
from slipway.plan.defects import Defects
from slipway.plan.names import project_defect
from slipway.plan.parts import inside
from slipway.plan.reading import Fields
from slipway.plan.release import Value

STEPS_FILE = "escapekit.yml"
_ON = (
    "run_build", "run_tests", "run_deploy", "run_smoke", "run_destroy", "run_destroy_build", "run_destroy_deploy",
    "cache_release", "push_release",
)  # fmt: skip
_OFF = ("skip_if_exists", "fat_package", "force_overwrite", "tag_git")
_KEYS = (
    *_ON, *_OFF, "plan_location", "escape_plan_location", "override_namespace", "variables", "providers",
    "build_on_file_changes", "ignore_file_changes",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildStep:
    """One plan to release, and how much of it. What is not said is done, except the last four flags."""

    plan_location: str = "escape.yml"
    override_namespace: str = ""
    variables: Mapping[str, Value] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)
    build_on_file_changes: tuple[str, ...] = ()
    ignore_file_changes: tuple[str, ...] = ()
    run_build: bool = True
    run_tests: bool = True
    run_deploy: bool = True
    run_smoke: bool = True
    run_destroy: bool = True
    run_destroy_build: bool = True
    run_destroy_deploy: bool = True
    cache_release: bool = True
    push_release: bool = True
    skip_if_exists: bool = False
    fat_package: bool = False
    force_overwrite: bool = False
    tag_git: bool = False


def read(raw: Mapping[str, Any], file: str = "build") -> BuildStep:
    """The step that JSON of a build says; unknown keys are ignored. Faults: PlanError."""
    defects = Defects(file=file)
    step = _step(Fields(raw=raw, path="", defects=defects))
    defects.refuse_if_any()
    return step


def read_file(text: str) -> tuple[BuildStep, ...]:
    """The steps that the repository's `escapekit.yml` says, strictly. Faults: PlanError."""
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


def is_due(step: BuildStep, changed_files: tuple[str, ...] | None) -> bool:
    """Whether changes to these files ask for the step; None means that nobody knows, and then they do."""
    if changed_files is None:
        return True
    relevant = [path for path in changed_files if not _any_match(path, step.ignore_file_changes)]
    if step.build_on_file_changes:
        return any(_any_match(path, step.build_on_file_changes) for path in relevant)
    return bool(relevant) or not changed_files


def _read_strictly(fields: Fields, path: str, item: Value) -> BuildStep:
    inner = fields.enter(item, path)
    inner.refuse_unknown(_KEYS)
    return _step(inner)


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
        **{key: fields.flag(key, default=True) for key in _ON},
        **{key: fields.flag(key, default=False) for key in _OFF},
    )  # fmt: skip


def _any_match(path: str, known: tuple[str, ...]) -> bool:
    return any(globs.matches(glob, path) for glob in known)
