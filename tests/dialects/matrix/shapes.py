"""Bodies made from shapes: one of everything that a shape can say, and the same with one text put otherwise."""

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel, JsonValue, RootModel

Path = tuple[str, ...]
"""Names of fields from a body down to one of its texts; what stands in lists is meant in every place."""

USUAL: Mapping[str, object] = {
    "opens": "0 0 8 * * ?",
    "closes": "0 0 18 * * ?",
    "project": "web",
    "environment": "staging",
    "build": "app",
    "deployment": "demo/app",
    "pipeline": "script",
    "namespace": "demo",
    "application": "app",
    "tag": "stable",
    "version": "1.0",
    "webhook_url": "https://e.example.org/",
    "errand_name": "backup",
    "script": "echo hello",
    "cron": "0 0 12 * * ?",
    "subject": "news",
    "to": ["ops@example.org"],
    "seconds": 1,
    "system": "desk",
    "ticket": "T1",
    "pool": "default",
}
"""What is said in fields of these names, so that a body of all kinds of things is one that is taken."""

DEEPEST = 4


def texts_of(shape: type[BaseModel], depth: int = 0) -> Iterator[Path]:
    """The fields that hold text, also of the shapes within."""
    for name, field in shape.model_fields.items():
        within = list(dict.fromkeys(shapes_in(field.annotation)))
        if not within and _is_text(field.annotation):
            yield (name,)
        for inner in within if depth < DEEPEST else ():
            # What stands around it all has no name.
            around = () if issubclass(shape, RootModel) else (name,)
            yield from ((*around, *rest) for rest in texts_of(inner, depth + 1) if name not in rest)


def whole(shape: type[BaseModel], given: Mapping[str, object]) -> dict[str, Any]:
    """A body with one of each kind of everything. given: what is said of its own fields, where that matters."""
    if issubclass(shape, RootModel):
        return dict(given)
    return {**given, **_all_that_it_holds(shape)}


def with_text(body: Any, path: Path, text: str) -> Any:  # noqa: ANN401 - JSON
    """The body with another text there; the body itself where nothing on the way is there to hold it."""
    if isinstance(body, list):
        return [with_text(one, path, text) for one in body]
    if not isinstance(body, dict):
        return body
    name, rest = path[0], path[1:]
    if rest:
        return {**body, name: with_text(body[name], rest, text)} if name in body else body
    held = body.get(name)
    return {**body, name: [text] if isinstance(held, list) else text}


def shapes_in(hint: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - any type
    """The shapes that a field may hold, also in lists."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    elif get_origin(hint) is not dict:
        for inner in get_args(hint):
            yield from shapes_in(inner)


@cache
def _all_that_it_holds(shape: type[BaseModel]) -> Mapping[str, Any]:
    return {name: _made(field.annotation) for name, field in shape.model_fields.items() if _has_shapes(field)}


def _has_shapes(field: Any) -> bool:  # noqa: ANN401 - a field of pydantic's
    return any(True for _ in shapes_in(field.annotation))


def _made(hint: Any, depth: int = 0) -> Any:  # noqa: ANN401 - any type, JSON
    (shape,) = shapes_in(hint)
    items = list(_of_each_kind(shape, depth))
    return items if _is_list(hint) else items[0]


def _of_each_kind(shape: type[BaseModel], depth: int) -> Iterator[dict[str, Any]]:
    """One for each member of the enumeration that the shape must say, or one alone."""
    kinds = {name: _members(one) for name, one in shape.model_fields.items() if _is_choice(one)}
    name, members = next(iter(kinds.items()), ("", [None]))
    for number, member in enumerate(members):
        said = {name: member.value} if member is not None else {}
        named = {"name": f"{shape.__name__}{depth}-{number}"} if "name" in shape.model_fields else {}
        usual = {key: value for key, value in USUAL.items() if key in shape.model_fields}
        deeper = {
            key: _made(field.annotation, depth + 1)
            for key, field in shape.model_fields.items()
            if _has_shapes(field) and shape not in shapes_in(field.annotation)
        }
        yield {**usual, **named, **said, **deeper}


def _members(field: Any) -> list[Any]:  # noqa: ANN401 - a field of pydantic's
    return list(field.annotation)


def _is_choice(field: Any) -> bool:  # noqa: ANN401 - a field of pydantic's
    hint = field.annotation
    return field.is_required() and isinstance(hint, type) and issubclass(hint, Enum)


def _is_text(hint: Any) -> bool:  # noqa: ANN401 - any type
    if hint is JsonValue:
        return False
    parts = get_args(hint)
    return hint is str or any(_is_text(part) for part in parts if get_origin(hint) is not dict)


def _is_list(hint: Any) -> bool:  # noqa: ANN401 - any type
    return get_origin(hint) is list or any(_is_list(part) for part in get_args(hint))
