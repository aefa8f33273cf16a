"""The JSON Schema of a pipeline file, made from the shapes and the reference."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from chalicelib.dialects.state.pipelines import field_texts
from chalicelib.dialects.state.pipelines.reference import GATES, STEPS, TypeReference
from chalicelib.dialects.state.pipelines.shapes import PipelineBody

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXTS: Mapping[str, Mapping[str, str]] = {
    "TriggerShape": field_texts.TRIGGER,
    "PhaseShape": field_texts.PHASE,
    "StepShape": field_texts.STEP,
    "GateShape": field_texts.GATE,
    "WindowShape": field_texts.WINDOW,
}


@cache
def pipeline_schema() -> dict[str, Any]:
    """Return the schema: every field with its meaning, and what each type of step and gate must have."""
    schema = PipelineBody.model_json_schema()
    kinds = schema["$defs"]
    _explain(schema, field_texts.PIPELINE)
    for name, texts in TEXTS.items():
        _explain(kinds[name], texts)
    kinds["StepShape"]["allOf"] = [_of_type(kind, one) for kind, one in STEPS.items()]
    kinds["GateShape"]["allOf"] = [_of_type(kind, one) for kind, one in GATES.items()]
    return {"$schema": DIALECT, **schema, "title": "A pipeline of Slipway"}


def _explain(kind: dict[str, Any], texts: Mapping[str, str]) -> None:
    """Give each field its text, or mark it as read-only; drop the titles that only repeat its name.

    Instead of `anyOf` a field that may be null has two types, for else defects are told of the whole list of phases.
    """
    for name, field in kind["properties"].items():
        field.pop("title", None)
        if either := field.pop("anyOf", None):
            field.update({**either[0], "type": [either[0]["type"], "null"]})
        field.update({"description": texts[name]} if name in texts else {"readOnly": True})


def _of_type(kind: str, reference: TypeReference) -> dict[str, Any]:
    rules: dict[str, Any] = {"description": reference.does, "examples": [dict(reference.example)]}
    if reference.needed:
        rules["required"] = list(reference.needed)
    if reference.one_of:
        rules["oneOf"] = [{"required": [name]} for name in reference.one_of]
    return {"if": {"properties": {"type": {"const": str(kind)}}, "required": ["type"]}, "then": rules}
