"""Rows of releases: register, versions, differences and yank."""

from chalicelib.dialects.inventory.dialect import INVENTORY
from chalicelib.dialects.inventory.releases import shapes, words, words_diff, words_yank
from chalicelib.dialects.inventory.shapes import NextVersionQuery, ReleaseQuery, SliceQuery
from chalicelib.dialects.inventory.words import show_nothing
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, NAMESPACE_SEEN, NAMESPACE_WRITE
from chalicelib.http.reply import TEXT_MEDIA, Reply
from chalicelib.http.request import Request
from chalicelib.kernel.releases.release import Release
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.diff import compare_releases
from chalicelib.use_cases.releases.next_version import next_version
from chalicelib.use_cases.releases.register import register
from chalicelib.use_cases.releases.releases import (
    ReleaseByQuery,
    ReleaseInFull,
    get_full_release,
    get_previous_release,
    get_release,
    list_versions,
)
from chalicelib.use_cases.releases.yank import unyank, yank

RELEASES = Group(INVENTORY, "Releases")
NAMESPACE = "/api/v1/inventory/{namespace}"
UNIT = f"{NAMESPACE}/units/{{name}}"
VERSION = f"{UNIT}/versions/{{version}}"


def _read_release(request: Request) -> tuple[ReleaseByQuery, bool]:
    return words.read_release(request), words.wants_full(request)


def _get_release(ports: Ports, request: tuple[ReleaseByQuery, bool]) -> Release | ReleaseInFull:
    query, is_full = request
    return get_full_release(ports, query) if is_full else get_release(ports, query)


def _show_previous(release: Release) -> Reply:
    return words.show_release(release)


DIFF = dict[str, dict[str, list[shapes.DiffEntry]]]
FOR_JOBS = frozenset({Flag.FOR_JOBS})

OPERATIONS = (
    RELEASES.operation(
        f"POST {NAMESPACE}/register",
        "Register a release; its namespace is made where it is missing and the caller may.",
        AUTHENTICATED,
        Handling(words.read_register, register, show_nothing),
        schema=Schema(body=shapes.ReleaseMetadata),
        flags=FOR_JOBS,
    ),
    RELEASES.operation(
        f"GET {UNIT}/next-version",
        "The next version that begins with `?prefix=`.",
        AUTHENTICATED,
        Handling(words.read_next_version, next_version, words.show_next_version),
        schema=Schema(query=NextVersionQuery, answer=str, media=TEXT_MEDIA),
    ),
    RELEASES.operation(
        f"GET {UNIT}/versions/",
        "A unit's versions, the highest first: all, or a page of `?page_size=` after `?page_from=`.",
        NAMESPACE_SEEN,
        Handling(words.read_versions, list_versions, words.show_versions),
        schema=Schema(query=SliceQuery, answer=list[str]),
    ),
    RELEASES.operation(
        f"GET {VERSION}/",
        "The release that a version, a prefix, `latest` or a tag means; `?full=true` with more around it.",
        NAMESPACE_SEEN,
        Handling(_read_release, _get_release, words.show_release),
        schema=Schema(query=ReleaseQuery, answer=shapes.ReleaseShown),
    ),
    RELEASES.operation(
        f"GET {VERSION}/previous/",
        "The release before.",
        NAMESPACE_SEEN,
        Handling(words.read_release, get_previous_release, _show_previous),
        schema=Schema(answer=shapes.ReleaseMetadata),
    ),
    RELEASES.operation(
        f"GET {VERSION}/diff/",
        "What is different from the release before.",
        NAMESPACE_SEEN,
        Handling(words_diff.read_diff, compare_releases, words_diff.show_diff),
        schema=Schema(answer=DIFF),
    ),
    RELEASES.operation(
        f"GET {VERSION}/diff/{{diffWith}}/",
        "What is different from another release.",
        NAMESPACE_SEEN,
        Handling(words_diff.read_diff, compare_releases, words_diff.show_diff),
        schema=Schema(answer=DIFF),
    ),
    RELEASES.operation(
        f"POST {VERSION}/yank",
        "Take a release out of use.",
        NAMESPACE_WRITE,
        Handling(words_yank.read_yank, yank, show_nothing),
        schema=Schema(body=shapes.YankBody),
        flags=FOR_JOBS,
    ),
    RELEASES.operation(
        f"DELETE {VERSION}/yank",
        "Take a release into use again.",
        NAMESPACE_WRITE,
        Handling(words_yank.read_unyank, unyank, show_nothing),
        flags=FOR_JOBS,
    ),
)
