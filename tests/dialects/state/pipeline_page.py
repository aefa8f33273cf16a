"""docs/pipeline.md, as the shapes and the reference of the pipeline file make it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from chalicelib.dialects.state.pipelines.reference import EVERY_GATE, EVERY_STEP, GATES, STEPS, TypeReference
from chalicelib.dialects.state.pipelines.schema import pipeline_schema

PAGE = Path("docs/pipeline.md")
FIRST_MADE = "\n## Pipeline\n"
"""Above it stands what people wrote."""

STEPS_HEAD = """
## Steps

The steps of a phase run side by side but for what `needs` says. Fields of every step:
"""
GATES_HEAD = """
## Gates

The gates of a phase open in their order, before its steps begin. Fields of every gate:
"""
NOTHING = "nothing"


def page(text: str) -> str:
    """The whole page; what stands above its tables is as in the text."""
    schema = pipeline_schema()
    kinds = schema["$defs"]
    parts = [
        text.partition(FIRST_MADE)[0],
        f"{FIRST_MADE}\n",
        *_table(schema, schema["properties"]),
        "\n## Trigger\n\n",
        *_table(schema, kinds["TriggerShape"]["properties"]),
        "\n## Phase\n\n",
        *_table(schema, kinds["PhaseShape"]["properties"]),
        STEPS_HEAD,
        "\n",
        *_table(schema, kinds["StepShape"]["properties"], EVERY_STEP),
        *(line for kind, one in STEPS.items() for line in _type(schema, "StepShape", kind, one)),
        GATES_HEAD,
        "\n",
        *_table(schema, kinds["GateShape"]["properties"], EVERY_GATE),
        *(line for kind, one in GATES.items() for line in _type(schema, "GateShape", kind, one)),
        "\nA window:\n\n",
        *_table(schema, kinds["WindowShape"]["properties"]),
    ]
    return "".join(parts)


def _type(schema: Mapping[str, Any], kind: str, type_: str, one: TypeReference) -> Iterator[str]:
    yield f"\n### {'gate ' if kind == 'GateShape' else ''}{type_}\n\n{one.does}\n\n"
    named = (*one.fields, *(name for name in one.needed if name not in one.fields))
    if named:
        yield from _table(schema, schema["$defs"][kind]["properties"], named, one)
        yield "\n"
    yield f"```yaml\n{yaml.safe_dump([dict(one.example)], sort_keys=False)}```\n"


def _table(
    schema: Mapping[str, Any],
    fields: Mapping[str, Any],
    named: Iterable[str] = (),
    of: TypeReference | None = None,
) -> Iterator[str]:
    yield "| field | is | default | means |\n| --- | --- | --- | --- |\n"
    for name in named or fields:
        field = fields[name]
        if not field.get("description", "Read-only").startswith("Read-only"):
            yield f"| `{name}` | {_kind(schema, field)} | {_default(field, name, of)} | {field['description']} |\n"


def _default(field: Mapping[str, Any], name: str, of: TypeReference | None) -> str:
    if of is not None and name in of.needed:
        return "must be said"
    if of is not None and name in of.one_of:
        return "one of the two must be said"
    if "default" not in field:
        return "must be said"
    default = field["default"]
    if isinstance(default, bool):
        return str(default).lower()
    return NOTHING if default in (None, "") else f"`{default}`"


def _kind(schema: Mapping[str, Any], field: Mapping[str, Any]) -> str:
    if "$ref" in field:
        return _kind(schema, schema["$defs"][field["$ref"].rpartition("/")[2]])
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return ", ".join(f"`{one}`" for one in field["enum"] if one)
    kinds = field.get("type", "")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "array":
        return f"list of {_several(field['items'])}"
    if field.get("format") == "date-time":
        return "instant with zone"
    return {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}.get(
        kind, "names and values"
    )


def _several(items: Mapping[str, Any]) -> str:
    name = str(items.get("$ref", "")).rpartition("/")[2].removesuffix("Shape")
    return f"[{name.lower()}s](#{_anchor(name)})" if name else {"string": "texts"}.get(items["type"], items["type"])


def _anchor(name: str) -> str:
    return {"Step": "steps", "Gate": "gates", "Window": "gate-window"}.get(name, name.lower())
