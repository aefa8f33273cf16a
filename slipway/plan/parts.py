"""Read the parts of a plan. The plan as a whole: parse."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace

from slipway.plan import names
from slipway.plan.reading import Fields, kind
from slipway.plan.release import BOTH, Command, Inline, Script, Stage, Value
from slipway_formats.archive import is_inside
from slipway_formats.release import Consumer, Dependency, Download, Scope, Template, Variable

MAGIC_TYPES = frozenset({"version", "client", "project", "deployment", "environment"})
_TYPES = frozenset({"string", "bool", "integer", "list", *MAGIC_TYPES})
_LIST_TYPE = re.compile(r"list\[\s*type\s*=\s*[\"']?(\w+)[\"']?\s*\]")
_URL = re.compile(r"https?://[^\s/]+\S*")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainStage:
    """A stage given as one string. Whether it is a file or a command depends on the folder."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanErrand:
    """An errand whose stage may still be one string."""

    name: str
    stage: PlainStage | Stage
    description: str
    inputs: tuple[Variable, ...]


def variable(scopes: tuple[Scope, ...], fields: Fields, path: str, item: Value) -> Variable | None:
    """Read an input or output: its id alone, or a mapping."""
    if isinstance(item, str):
        item = {"id": item}
    inner = fields.enter(item, path)
    inner.refuse_unknown(_VARIABLE_KEYS)
    id_ = inner.required("id").strip()
    defect = names.variable_defect(id_) if id_ else None
    if defect is not None:
        inner.wrong("id", defect)
    type_, options = _variable_type(inner, id_)
    default = _default(inner)
    read = Variable(
        id=id_, type=type_, options=options, default=default, items=_allowed(inner),
        description=inner.text("description"), friendly=inner.text("friendly"),
        visible=inner.flag("visible", default=True), sensitive=inner.flag("sensitive", default=False),
        eval_before_dependencies=inner.flag("eval_before_dependencies", default=True),
        scopes=inner.scopes(default=scopes),
    )  # fmt: skip
    return read if id_ else None


_VARIABLE_KEYS = (
    "id", "type", "default", "description", "friendly", "visible", "options", "sensitive",
    "items", "eval_before_dependencies", "scopes",
)  # fmt: skip


def _variable_type(fields: Fields, id_: str) -> tuple[str, dict[str, Value]]:
    text = fields.text("type", id_ if id_ in MAGIC_TYPES else "string").strip()
    options = fields.mapping("options")
    listed = _LIST_TYPE.fullmatch(text)
    if listed is not None and listed[1] in {"string", "bool", "integer"}:
        return "list", {**options.raw, "type": listed[1]}
    if text == "int":
        return "integer", dict(options.raw)
    if text not in _TYPES:
        fields.wrong("type", f"unknown type '{text}'")
    return text, dict(options.raw)


def _default(fields: Fields) -> Value:
    value = fields.raw.get("default")
    fields.check_expression("default", value)
    if isinstance(value, dict):
        fields.wrong("default", f"expected a string, a number, a bool or a list, got {kind(value)}")
        return None
    return value if fields.is_value("default", value) else None


def _allowed(fields: Fields) -> Value:
    value = fields.raw.get("items")
    fields.check_expression("items", value)
    if value is not None and not isinstance(value, str | list):
        fields.wrong("items", f"expected a list, got {kind(value)}")
        return None
    return value


def consumer(scopes: tuple[Scope, ...], fields: Fields, path: str, item: Value) -> Consumer | None:
    """Read a provider that is needed: `interface`, `interface as variable`, or a mapping."""
    if isinstance(item, str):
        item = {"name": item}
    inner = fields.enter(item, path)
    inner.refuse_unknown(("name", "scopes", "variable", "skip_activate", "skip_deactivate"))
    name, alias = names.split_alias(inner.required("name"))
    variable_name = alias or inner.text("variable") or name
    if name and names.variable_defect(variable_name) is not None:
        inner.wrong("name", f"invalid variable '{variable_name}'")
    read = Consumer(
        name=name, variable=variable_name, scopes=inner.scopes(default=scopes),
        skip_activate=inner.flag("skip_activate", default=False),
        skip_deactivate=inner.flag("skip_deactivate", default=False),
    )  # fmt: skip
    return read if name else None


def dependency(fields: Fields, path: str, item: Value) -> Dependency | None:
    """Read a release to deploy first: `release id`, `release id as variable`, or a mapping."""
    if isinstance(item, str):
        item = {"release_id": item}
    inner = fields.enter(item, path)
    inner.refuse_unknown(_DEPENDENCY_KEYS)
    text, alias = names.split_alias(inner.required("release_id"))
    wanted = release_id(inner, "release_id", text)
    mapping, build, deploy = (inner.values(key) for key in ("mapping", "build_mapping", "deploy_mapping"))
    consumes, scopes = inner.strings("consumes"), inner.scopes()
    if wanted is None:
        return None
    deployment_name = inner.text("deployment_name") or wanted.unit
    if names.deployment_defect(deployment_name) is not None:
        inner.wrong("deployment_name", f"invalid deployment name '{deployment_name}'")
    return Dependency(
        release_id=str(wanted), variable=alias or inner.text("variable") or wanted.unit,
        deployment_name=deployment_name, mapping=mapping, build_mapping=build, deploy_mapping=deploy,
        consumes=consumes, scopes=scopes,
    )  # fmt: skip


_DEPENDENCY_KEYS = (
    "release_id", "mapping", "build_mapping", "deploy_mapping", "consumes", "deployment_name", "variable", "scopes",
)  # fmt: skip


def release_id(fields: Fields, key: str, text: str) -> names.ReleaseId | None:
    """Read the release id at a key; a name alone means the latest."""
    if not text:
        return None
    try:
        return names.parse_release_id(text)
    except ValueError as error:
        fields.wrong(key, str(error))
        return None


def download(fields: Fields, path: str, item: Value) -> Download | None:
    """Read a file to download."""
    inner = fields.enter(item, path)
    inner.refuse_unknown(("url", "dest", "overwrite", "if_not_exists", "unpack", "platform", "arch", "scopes"))
    url, dest = inner.required("url"), inner.required("dest")
    if url and not _URL.fullmatch(url):
        inner.wrong("url", f"expected an http or https address, got '{url}'")
    if dest:
        inside(inner, "dest", dest)
    return Download(
        url=url, dest=dest,
        overwrite=inner.flag("overwrite", default=False), unpack=inner.flag("unpack", default=False),
        if_not_exists=inner.texts("if_not_exists"), platform=inner.text("platform"), arch=inner.text("arch"),
        scopes=inner.scopes(),
    )  # fmt: skip


def template(scopes: tuple[Scope, ...], fields: Fields, path: str, item: Value) -> Template | None:
    """Read a file to render: its path alone, or a mapping."""
    if isinstance(item, str):
        item = {"file": item}
    inner = fields.enter(item, path)
    inner.refuse_unknown(("file", "target", "scopes", "mapping"))
    file = inner.required("file")
    target = inner.text("target") or posixpath.splitext(file)[0]
    for key, value in (("file", file), ("target", target)):
        if value:
            inside(inner, key, value)
    if file and target == file:
        inner.wrong("target", f"'{file}' would be written over itself")
    return Template(file=file, target=target, scopes=inner.scopes(default=scopes), mapping=inner.values("mapping"))


def stage(fields: Fields, key: str) -> PlainStage | Stage | None:
    """Read what a stage runs: a string, or exactly one of cmd, inline and script."""
    value = fields.raw.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return PlainStage(text=value.strip())
    inner = fields.enter(value, fields.at(key))
    inner.refuse_unknown(("cmd", "args", "inline", "script"))
    cmd, inline, script = (inner.text(name) for name in ("cmd", "inline", "script"))
    args = inner.texts("args")
    if sum(1 for text in (cmd, inline, script) if text) != 1:
        fields.wrong(key, "expected exactly one of cmd, inline and script")
        return None
    if args and not cmd:
        inner.wrong("args", "only a cmd takes arguments")
    if script:
        inside(inner, "script", script)
    return Command(cmd=cmd, args=args) if cmd else Inline(text=inline) if inline else Script(path=script)


def errand(fields: Fields, name: str) -> PlanErrand | None:
    """Read an errand; its stage is `script`, or `run` with the forms of a stage."""
    inner = fields.mapping(name)
    inner.refuse_unknown(("description", "script", "run", "inputs"))
    description = inner.text("description")
    inputs = inner.each("inputs", lambda parent, path, item: variable(BOTH, parent, path, item))
    found = [read for read in (stage(inner, "script"), stage(inner, "run")) if read is not None]
    if names.variable_defect(name) is not None:
        fields.wrong(name, f"invalid errand name '{name}'")
    if len(found) == 2 or not (inner.raw.get("script") or inner.raw.get("run")):
        inner.wrong("script", "missing" if not found else "given twice, as script and as run")
    return PlanErrand(name=name, stage=found[0], description=description, inputs=inputs) if found else None


def inside(fields: Fields, key: str, path: str) -> None:
    """Add a defect if the path leaves the package."""
    if not is_inside(path):
        fields.wrong(key, f"'{path}' leaves the package")


def widen(known: Variable, scopes: tuple[Scope, ...]) -> Variable:
    """Return the variable with these scopes added."""
    return replace(known, scopes=tuple(scope for scope in Scope if known.is_in(scope) or scope in scopes))
