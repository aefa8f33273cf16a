"""Fields of a request: in the query, and in a body that is form-data, x-www-form-urlencoded or JSON."""

import json
from collections.abc import Iterable, Mapping

from chalicelib.dialects.deploy.dialect import UNSUPPORTED
from chalicelib.http.multipart import parse_multipart
from chalicelib.http.request import FORM, Request
from chalicelib.http.shape import LARGEST_JSON, parse_json
from chalicelib.kernel.faults import Invalid, TooLarge
from slipway_formats.defect import Defect

MULTIPART = "multipart/form-data"
LONGEST_CONFIGURATION = 256 * 1024
SHOWN = 60


def read_fields(request: Request, known: Iterable[str]) -> Mapping[str, str]:
    """Return the fields of a request that have a value. known: names of fields. Faults: Invalid, TooLarge."""
    query = ((name, text) for name, texts in request.query.values.items() for text in texts)
    given = (*query, *_body(request))
    names = [name for name, _ in given]
    defects = [Defect(name[:SHOWN], "unknown field") for name in dict.fromkeys(names) if name not in set(known)]
    defects += [Defect(name, "is given more than once") for name in dict.fromkeys(names) if names.count(name) > 1]
    if defects:
        raise Invalid(tuple(defects))
    return {name: text for name, text in given if text != ""}


def needed(fields: Mapping[str, str], name: str) -> str:
    """Return a field that must be there. Faults: Invalid."""
    if name not in fields:
        raise Invalid.single(name, "is required")
    return fields[name]


def configuration_in(fields: Mapping[str, str], name: str = "configuration") -> object:
    """Return the JSON of a field that must be there. Faults: Invalid, TooLarge."""
    text = needed(fields, name)
    if len(text.encode()) > LONGEST_CONFIGURATION:
        raise TooLarge(f"{name} has more than {LONGEST_CONFIGURATION} bytes")
    try:
        return parse_json(text.encode())
    except Invalid as wrong:
        raise Invalid(tuple(defect.under(name) for defect in wrong.defects)) from wrong


def _body(request: Request) -> Iterable[tuple[str, str]]:
    if not request.content.strip():
        return ()
    if request.media == MULTIPART:
        if len(request.content) > LARGEST_JSON:
            raise TooLarge(f"the body has over {LARGEST_JSON} bytes")
        parts = parse_multipart(request.header("content-type"), request.content)
        return [(part.name, _text(part.name, part.content)) for part in parts]
    if request.looks_like_json:
        return _pairs(request.json())
    if request.media == FORM:
        return request.form()
    raise Invalid((Defect("Content-Type", f"should be {MULTIPART}, {FORM} or application/json", UNSUPPORTED),))


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid.single(name, "should be text in UTF-8") from error


def _pairs(body: object) -> Iterable[tuple[str, str]]:
    if not isinstance(body, Mapping):
        raise Invalid.single("", "the body should be a JSON object")
    return [(str(name), _flat(value)) for name, value in body.items()]


def _flat(value: object) -> str:
    """Return a value as a form would have it; an object, such as a configuration, as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
