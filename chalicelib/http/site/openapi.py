"""Build the OpenAPI 3.1 document of the operation table. The HTML page: docs.py."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from chalicelib.http.credential import AuthScheme
from chalicelib.http.operation import Flag, Operation
from chalicelib.http.permission import Public, describe
from chalicelib.http.raw_request import PARAMETER

REFERENCE = "#/components/schemas/{model}"
Document = dict[str, Any]

SCHEMES: Mapping[AuthScheme, tuple[str, Document]] = {
    AuthScheme.ESCAPE_HEADER: ("escapeToken", {"type": "apiKey", "in": "header", "name": "X-Escape-Token"}),
    AuthScheme.BEARER: ("bearer", {"type": "http", "scheme": "bearer"}),
    AuthScheme.BASIC: ("basic", {"type": "http", "scheme": "basic"}),
    AuthScheme.KEY_BASIC: ("apiKeyAsPassword", {"type": "http", "scheme": "basic"}),
    AuthScheme.KEY_HEADER: ("apiKey", {"type": "apiKey", "in": "header", "name": "X-ApiKey"}),
    AuthScheme.KEY_QUERY: ("apiKeyInQuery", {"type": "apiKey", "in": "query", "name": "key"}),
    AuthScheme.ESCAPE_COOKIE: ("escapeCookie", {"type": "apiKey", "in": "cookie", "name": "X-Escape-Token"}),
    AuthScheme.SESSION_COOKIE: ("session", {"type": "apiKey", "in": "cookie", "name": "authtoken"}),
    AuthScheme.CONSOLE_COOKIE: ("console", {"type": "apiKey", "in": "cookie", "name": "__Host-slipway"}),
    AuthScheme.IDENTITY: ("identity", {"type": "apiKey", "in": "header", "name": "Identity"}),
}
"""Without KEY_BODY: OpenAPI cannot describe a key in a body."""


@dataclass(frozen=True, slots=True)
class Schemas:
    """Schemas of all types in the rows. components: the named ones, which the others refer to."""

    found: Mapping[tuple[type[object], JsonSchemaMode], Document]
    components: Document


def document(rows: Iterable[Operation], *, title: str, version: str) -> Document:
    """Return the document of these rows."""
    every = tuple(rows)
    schemas = _schemas(every)
    paths: dict[str, Document] = {}
    spelled: dict[str, str] = {}
    for row in every:
        path = spelled.setdefault(PARAMETER.sub("{}", row.path), row.path)
        methods = {method.lower(): _operation(row, method, path, schemas) for method in row.methods}
        paths.setdefault(path, {}).update(methods)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "tags": [{"name": tag} for tag in dict.fromkeys(_tag(row) for row in every)],
        "paths": paths,
        "components": {"schemas": schemas.components, "securitySchemes": _schemes(every)},
    }


def operation_id(row: Operation, method: str) -> str:
    """Return the operation's id in the document."""
    words = PARAMETER.sub(r"by_\1", row.path.removeprefix("/api/v1/"))
    slug = re.sub(r"\W+", "_", words).strip("_") or "root"
    return f"{row.dialect.name}_{method.lower()}_{slug}"


def _operation(row: Operation, method: str, path: str, schemas: Schemas) -> Document:
    permission = describe(row.permission)
    secured = not isinstance(row.permission, Public)
    body = _body(row, schemas)
    return {
        "operationId": operation_id(row, method),
        "tags": [_tag(row)],
        "summary": row.summary,
        "description": f"Needs: {permission}.",
        "x-dialect": row.dialect.title,
        "x-group": row.group,
        "x-permission": permission,
        "parameters": [*_path_parameters(path), *_query_parameters(row, schemas), *_headers(method)],
        **({"requestBody": body} if body else {}),
        "responses": _responses(row, schemas),
        "security": [{name: []} for name, _ in _schemes_of(row)] if secured else [],
    }


def _path_parameters(path: str) -> list[Document]:
    names = PARAMETER.findall(path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(row: Operation, schemas: Schemas) -> list[Document]:
    if row.schema.query is None:
        return []
    schema = schemas.found[row.schema.query, "validation"]
    shape = schemas.components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    required = shape.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": field}
        for name, field in shape.get("properties", {}).items()
    ]


def _headers(method: str) -> list[Document]:
    schema = {"type": "string", "maxLength": 255}
    description = "A retry with the same key and body gets the same answer, for 24 hours."
    key = {"name": "Idempotency-Key", "in": "header", "required": False, "description": description, "schema": schema}
    return [key] if method == "POST" else []


def _body(row: Operation, schemas: Schemas) -> Document | None:
    if row.schema.body is None:
        return None
    schema = schemas.found[row.schema.body, "validation"]
    return {"required": Flag.OPTIONAL_BODY not in row.flags, "content": {row.schema.takes: {"schema": schema}}}


def _responses(row: Operation, schemas: Schemas) -> Document:
    success: Document = {"description": row.summary}
    if row.schema.answer is not None:
        schema = schemas.found[row.schema.answer, "serialization"]
        success["content"] = {row.schema.media.partition(";")[0]: {"schema": schema}}
    error_format = row.dialect.error_format
    refused = schemas.found[error_format.shape, "serialization"] if error_format.shape else {"type": "string"}
    content = {error_format.media.partition(";")[0]: {"schema": refused}}
    return {str(row.schema.status): success, "default": {"description": "The ask is refused.", "content": content}}


def _schemas(rows: tuple[Operation, ...]) -> Schemas:
    modes: dict[tuple[type[object], JsonSchemaMode], None] = {}
    for row in rows:
        taken, given = (row.schema.body, row.schema.query), (row.schema.answer, row.dialect.error_format.shape)
        modes.update({(each, "validation"): None for each in taken if each is not None})
        modes.update({(each, "serialization"): None for each in given if each is not None})
    found, extra = TypeAdapter.json_schemas(
        [((kind, mode), mode, TypeAdapter(kind)) for kind, mode in modes], ref_template=REFERENCE
    )
    return Schemas({key: schema for (key, _), schema in found.items()}, extra.get("$defs", {}))


def _schemes(rows: tuple[Operation, ...]) -> Document:
    return dict(scheme for row in rows for scheme in _schemes_of(row))


def _schemes_of(row: Operation) -> list[tuple[str, Document]]:
    return [SCHEMES[scheme] for scheme in AuthScheme if scheme in row.dialect.schemes and scheme in SCHEMES]


def _tag(row: Operation) -> str:
    return f"{row.dialect.title}: {row.group}"
