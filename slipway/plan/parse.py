"""Parse an Escape plan, `escape.yml`, reporting every defect at once. Nothing is looked up here: see compile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from slipway.plan import document, expression, names, parts, versions
from slipway.plan.defects import Defects
from slipway.plan.expression import Reference
from slipway.plan.parts import PlainStage, PlanErrand
from slipway.plan.reading import Fields
from slipway.plan.release import BOTH, Stage, Value
from slipway_formats.archive import is_inside
from slipway_formats.release import STAGE_NAMES, Consumer, Dependency, Download, Scope, Template, Variable

_SCOPED = ("consumes", "inputs", "outputs", "templates")
_KEYS = frozenset({
    "name", "version", "description", "logo", "license", "metadata", "depends", "extends", "includes", "generates",
    "provides", "errands", "downloads", *STAGE_NAMES, *_SCOPED,
    *(f"{scope}_{key}" for scope in Scope for key in _SCOPED),
})  # fmt: skip

# Keys whose values may be expressions; elsewhere `$` is literal.
_SCRIPTED = re.compile(
    r"version|metadata\..*|.*\b(default|items)(\[\d+\])?|.*\]\.((build_|deploy_)?mapping|consumes)\..*"
)

_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A parsed plan, before any lookup. file: for its defects. references: all of them, each with its key."""

    file: str
    project: str
    name: str
    version: str
    description: str
    logo: str
    license: str
    metadata: Mapping[str, str]
    depends: tuple[Dependency, ...]
    extends: tuple[str, ...]
    includes: tuple[str, ...]
    generates: tuple[str, ...]
    provides: tuple[str, ...]
    consumes: tuple[Consumer, ...]
    inputs: tuple[Variable, ...]
    outputs: tuple[Variable, ...]
    downloads: tuple[Download, ...]
    stages: Mapping[str, PlainStage | Stage]
    errands: tuple[PlanErrand, ...]
    templates: tuple[Template, ...]
    references: tuple[tuple[str, Reference], ...]
    lines: Mapping[str, int]

    def defects(self) -> Defects:
        """Return a collector for defects of this plan that are found later."""
        return Defects(file=self.file, lines=self.lines)


def parse(text: str, file: str = "escape.yml") -> Plan:
    """Parse the text of a plan. Faults: PlanError, with all defects."""
    defects = Defects(file=file)
    read = document.load(text, defects)
    fields = Fields(raw=read.values, path="", defects=defects, scalars=read.scalars).enter(dict(read.values), "")
    fields.refuse_unknown(_KEYS)
    plan = _plan(fields, file)
    defects.refuse_if_any()
    return plan


def _plan(fields: Fields, file: str) -> Plan:
    project, name = _name(fields)
    return Plan(
        file=file, project=project, name=name, version=_version(fields),
        description=fields.scalar("description"), logo=_logo(fields), license=fields.scalar("license"),
        metadata=fields.strings("metadata"), depends=_depends(fields), extends=_extends(fields),
        includes=_globs(fields, "includes"), generates=_globs(fields, "generates"), provides=_provides(fields),
        consumes=_unique(fields, "consumes", _scoped(fields, "consumes", parts.consumer), lambda known: known.variable),
        inputs=_variables(fields, "inputs"), outputs=_variables(fields, "outputs"),
        downloads=fields.each("downloads", parts.download), stages=_stages(fields), errands=_errands(fields),
        templates=_scoped(fields, "templates", parts.template),
        lines=fields.defects.lines, references=tuple(_references(fields.raw, "")),
    )  # fmt: skip


def _name(fields: Fields) -> tuple[str, str]:
    text = fields.required("name")
    project, name = names.split_name(text)
    for defect in (names.project_defect(project), names.name_defect(name)):
        if text and defect is not None:
            fields.wrong("name", defect)
    return project, name


def _version(fields: Fields) -> str:
    text = fields.scalar("version").strip()
    if fields.raw.get("version") is None:
        fields.wrong("version", "missing")
    elif expression.is_script(text):
        fields.check_expression("version", text)
    elif text and not versions.is_plan_version(text):
        fields.wrong("version", f"invalid version '{text}'")
    return text


def _logo(fields: Fields) -> str:
    text = fields.text("logo")
    if text:
        parts.inside(fields, "logo", text)
    return text


def _globs(fields: Fields, key: str) -> tuple[str, ...]:
    globs = fields.texts(key)
    for index, glob in enumerate(globs):
        if not is_inside(glob):
            fields.wrong(f"{key}[{index}]", f"'{glob}' leaves the package")
    return globs


def _provides(fields: Fields) -> tuple[str, ...]:
    provided = fields.each("provides", _provide)
    return _unique(fields, "provides", provided, lambda name: name)


def _provide(fields: Fields, path: str, item: Value) -> str | None:
    if isinstance(item, str) and item.strip():
        return item.strip()
    inner = fields.enter(item, path)
    inner.refuse_unknown(("name",))
    return inner.required("name") or None


def _extends(fields: Fields) -> tuple[str, ...]:
    return fields.each("extends", _extension)


def _extension(fields: Fields, path: str, item: Value) -> str | None:
    inner = fields.enter({"release_id": item} if isinstance(item, str) else item, path)
    inner.refuse_unknown(("release_id",))
    wanted = parts.release_id(inner, "release_id", inner.required("release_id"))
    return str(wanted) if wanted is not None else None


def _depends(fields: Fields) -> tuple[Dependency, ...]:
    found = fields.each("depends", parts.dependency)
    _unique(fields, "depends", found, lambda known: known.variable)
    return _unique(fields, "depends", found, lambda known: known.deployment_name)


def _variables(fields: Fields, key: str) -> tuple[Variable, ...]:
    found = _scoped(fields, key, parts.variable)
    for scope in Scope:
        _unique(fields, key, tuple(known for known in found if known.is_in(scope)), lambda known: known.id)
    return found


def _scoped(
    fields: Fields, key: str, read: Callable[[tuple[Scope, ...], Fields, str, Value], _Part | None]
) -> tuple[_Part, ...]:
    both = fields.each(key, partial(read, BOTH))
    build = fields.each(f"build_{key}", partial(read, (Scope.BUILD,)))
    return (*both, *build, *fields.each(f"deploy_{key}", partial(read, (Scope.DEPLOY,))))


def _unique(fields: Fields, key: str, found: tuple[_Part, ...], name_of: Callable[[_Part], str]) -> tuple[_Part, ...]:
    names_seen: set[str] = set()
    for name in map(name_of, found):
        if name in names_seen:
            fields.wrong(key, f"'{name}' given twice")
        names_seen.add(name)
    return found


def _stages(fields: Fields) -> dict[str, PlainStage | Stage]:
    read = {name: parts.stage(fields, name) for name in STAGE_NAMES}
    return {name: stage for name, stage in read.items() if stage is not None}


def _errands(fields: Fields) -> tuple[PlanErrand, ...]:
    inner = fields.mapping("errands")
    read = (parts.errand(inner, name) for name in inner.raw)
    return tuple(errand for errand in read if errand is not None)


def _references(value: object, path: str) -> Iterator[tuple[str, Reference]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _references(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _references(item, f"{path}[{index}]")
    elif isinstance(value, str) and _SCRIPTED.fullmatch(path):
        yield from ((path, found) for found in expression.references(value))
