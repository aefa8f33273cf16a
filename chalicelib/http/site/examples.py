"""An example call of each operation of an OpenAPI document, as a line for a shell."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from chalicelib.http.site.openapi import Document

ADDRESS = "$SLIPWAY_API"
TOKEN = "$SLIPWAY_TOKEN"  # noqa: S105 - a variable's name
DEEPEST = 4
VALUES: Mapping[str, str] = {
    "project": "shop",
    "environment": "staging",
    "deployment": "demo/app",
    "namespace": "demo",
    "application": "app",
    "unit": "app",
    "version": "v1.0",
    "pipeline": "delivery",
    "user": "ann",
    "email": "ann@example.org",
    "url": "https://example.org",
}
"""Values by name, where a name says what it is of."""

_PARAMETER = re.compile(r"\{(\w+)\}")


def curl(method: str, path: str, detail: Document, components: Document) -> str:
    """Return a call of an operation by curl, with all that it needs and nothing else."""
    needed = [one for one in detail["parameters"] if one["required"] and one["in"] == "query"]
    query = urlencode({one["name"]: _text(example(one["schema"], components, one["name"])) for one in needed})
    place = _PARAMETER.sub(lambda found: VALUES.get(found[1], found[1].upper()).replace("/", "%2F"), path)
    parts = ["curl", *([] if method == "get" else [f"-X {method.upper()}"])]
    parts.append(f'"{ADDRESS}{place}{f"?{query}" if query else ""}"')
    if detail["security"]:
        parts.append(f'-H "X-Escape-Token: {TOKEN}"')
    for media, content in detail.get("requestBody", {}).get("content", {}).items():
        parts.extend((f'-H "Content-Type: {media}"', f"-d {_quoted(_body(media, content['schema'], components))}"))
    return " ".join(parts)


def example(schema: Document, components: Document, name: str = "", depth: int = 0) -> Any:  # noqa: ANN401 - JSON
    """Return a value of a schema: of an object what it needs. name: of the field, which may say what it is of."""
    if "$ref" in schema:
        return example(components[schema["$ref"].rpartition("/")[2]], components, name, depth)
    for stated in ("const", "default"):
        if schema.get(stated) is not None:
            return schema[stated]
    if "enum" in schema:
        return schema["enum"][0]
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return example(choices[0], components, name, depth)
    return _of_kind(schema, components, name, depth)


def _of_kind(schema: Document, components: Document, name: str, depth: int) -> Any:  # noqa: ANN401 - JSON
    match schema.get("type"):
        case "object":
            needed = schema.get("required", ()) if depth < DEEPEST else ()
            fields = schema.get("properties", {})
            return {one: example(fields.get(one, {}), components, one, depth + 1) for one in needed}
        case "array":
            least = range(schema.get("minItems", 0))
            return [example(schema.get("items", {}), components, name, depth + 1) for _ in least]
        case "integer" | "number":
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return True
        case "null":
            return None
        case _:
            return _word(schema, name)


def _word(schema: Document, name: str) -> str:
    if schema.get("format") == "date-time":
        return "2030-05-01T12:00:00Z"
    word = VALUES.get(name.lower(), name.lower() or "text")
    return word.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength", len(word) + 200)]


def _body(media: str, schema: Document, components: Document) -> str:
    value = example(schema, components)
    if "json" in media:
        return json.dumps(value, ensure_ascii=False)
    return urlencode(value) if isinstance(value, dict) else "@FILE"


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
