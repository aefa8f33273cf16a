"""Define the dialect of BuildMaster's APIs: who is let in by which key, and how it refuses: in plain text."""

from dataclasses import replace

from chalicelib.http.credential import AuthScheme
from chalicelib.http.operation import Dialect, Mounting
from chalicelib.http.refuse import ErrorFormat, Refusal
from chalicelib.http.reply import TEXT_MEDIA, Reply, text_reply
from chalicelib.kernel.faults import Conflict, Invalid, NotFound, Unauthenticated, in_words
from slipway_formats.defect import Defect

NO_PERMISSION = "The specified API key does not have the proper permissions to perform this action."
"""What BuildMaster documents for a key that is missing, unknown or not permitted."""

WORD_OF = {"train": "release", "snapshot": "build", "cancelled": "canceled"}
"""What the kernel's words are in BuildMaster: in messages that are worded, never in what somebody wrote."""

NATIVE = "/api/json/"
SHOWN = 100
"""Characters of the name of a native method in a refusal."""

SCHEMES = frozenset(
    {
        AuthScheme.KEY_HEADER,
        AuthScheme.KEY_QUERY,
        AuthScheme.KEY_BODY,
        AuthScheme.KEY_BASIC,
        AuthScheme.ESCAPE_HEADER,
        AuthScheme.BEARER,
    }
)
"""Every token of the platform is a key, and comes here as it comes elsewhere besides."""


def say_text(refusal: Refusal) -> Reply:
    """Format an error as BuildMaster does: as plain text, with every defect."""
    if refusal.status == 403:
        return text_reply(NO_PERMISSION, 403)
    if refusal.route and refusal.path.startswith(NATIVE):
        return text_reply(f"native method {refusal.path.removeprefix(NATIVE)[:SHOWN]} is not served", refusal.status)
    return text_reply("; ".join(map(str, refusal.defects)) or refusal.message, refusal.status)


def say_of_releases(refusal: Refusal) -> Reply:
    """Format an error of the Release & Build Deployment API, in the words that its clients know."""
    defects = tuple(Defect(one.path, in_words(one.message, WORD_OF)) for one in refusal.defects)
    return say_text(replace(refusal, message=in_words(refusal.message, WORD_OF), defects=defects))


TEXT_ERRORS = ErrorFormat(say=say_text, media=TEXT_MEDIA, statuses={Unauthenticated: 403})
RELEASE_ERRORS = ErrorFormat(
    say=say_of_releases, media=TEXT_MEDIA, statuses={Unauthenticated: 403, NotFound: 400, Conflict: 400}
)

BUILDMASTER = Dialect(
    name="buildmaster",
    title="BuildMaster",
    prefixes=("/api/releases", "/api/json", "/api/variables", "/api/infrastructure", "/executions"),
    error_format=TEXT_ERRORS,
    schemes=SCHEMES,
    mounting=Mounting.FALLBACK,
)
RELEASE_API = replace(BUILDMASTER, error_format=RELEASE_ERRORS)
"""The Release & Build Deployment API. Its clients know 400 and 403 alone, also for what does not exist."""

LOGS = replace(BUILDMASTER, schemes=SCHEMES - {AuthScheme.KEY_BASIC} | {AuthScheme.BASIC})
"""Logs of deployments, to which people come by their own password too, as the Jenkins plugin has them do."""

INFRASTRUCTURE_API = replace(
    BUILDMASTER,
    error_format=ErrorFormat(
        say=say_text, media=TEXT_MEDIA, statuses={Unauthenticated: 403, Conflict: 422, Invalid: 422}
    ),
)
"""The Infrastructure API, which calls what does not fit unprocessable."""
