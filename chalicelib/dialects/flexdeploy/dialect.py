"""Define the dialect of FlexDeploy's REST API: Basic authentication, and how it refuses: in JSON with a code."""

import re
from dataclasses import replace
from http import HTTPStatus

from chalicelib.http.credential import AuthScheme
from chalicelib.http.operation import Dialect, Mounting
from chalicelib.http.refuse import ErrorFormat, Refusal, RefusedField
from chalicelib.http.reply import JSON_MEDIA, Json, Reply, json_reply
from chalicelib.http.shape import LenientShape
from chalicelib.kernel.faults import in_words

PREFIX = "/flexdeploy"
CHALLENGE = 'Basic realm="FlexDeploy"'

WORD_OF = {"train": "release", "application": "project"}
"""What the kernel's words are in FlexDeploy: in messages that are worded, never in what somebody wrote."""

NO_REQUEST = re.compile(r"no workflow request \S+")
REQUEST_NOT_FOUND = "WorkflowRequest not found"
"""By these words the Jenkins plugin knows that it has reached FlexDeploy."""

MISSING = re.compile(r"no ([a-z ]+?) (\S+)(?: in ([a-z ]+?) (\S+))?")


class RefusedShape(LenientShape):
    """A refusal: its status as a word, what is wrong, and every defect of an input with its place."""

    code: str
    message: str
    details: list[RefusedField]


def say_code(refusal: Refusal) -> Reply:
    """Format an error: `{"code","message","details":[{"path","message"}]}`."""
    details: list[Json] = [{"path": one.path, "message": in_words(one.message, WORD_OF)} for one in refusal.defects]
    message = refusal.message if refusal.route else said_of_missing(in_words(refusal.message, WORD_OF), refusal.status)
    body = {"code": HTTPStatus(refusal.status).name, "message": message, "details": details}
    reply = json_reply(body, refusal.status)
    return replace(reply, headers={**reply.headers, "WWW-Authenticate": CHALLENGE}) if refusal.status == 401 else reply


def said_of_missing(message: str, status: int) -> str:
    """Return what is said of a thing that is not there, as `Snapshot [10401] not found in release [10201]`."""
    if NO_REQUEST.fullmatch(message):
        return REQUEST_NOT_FOUND
    found = MISSING.fullmatch(message)
    if found is None or status != HTTPStatus.NOT_FOUND:
        return message
    kind, which, place, where = found.groups()
    inside = f" in {place} [{where}]" if place else ""
    return f"{kind[:1].upper()}{kind[1:]} [{which}] not found{inside}"


FLEXDEPLOY = Dialect(
    name="flexdeploy",
    title="FlexDeploy",
    prefixes=(PREFIX,),
    error_format=ErrorFormat(say=say_code, media=JSON_MEDIA, shape=RefusedShape),
    schemes=frozenset({AuthScheme.BASIC, AuthScheme.ESCAPE_HEADER, AuthScheme.BEARER}),
    mounting=Mounting.FALLBACK,
)
