"""Rows of releases: registering, versions, and packages."""

from chalicelib.dialects.inventory.dialect import INVENTORY
from chalicelib.dialects.inventory.releases import shapes, words, words_diff, words_yank
from chalicelib.dialects.inventory.shapes import NextVersionQuery, ReleaseQuery, SliceQuery
from chalicelib.dialects.inventory.words import show_nothing
from chalicelib.http.operation import About, operation
from chalicelib.http.permission import AUTHENTICATED, NAMESPACE_SEEN, NAMESPACE_WRITE
from chalicelib.http.reply import TEXT_MEDIA, Reply
from chalicelib.http.request import Request
from chalicelib.kernel.releases.release import Release
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.diff import compare_releases
from chalicelib.use_cases.releases.next_version import next_version
from chalicelib.use_cases.releases.register import register
from chalicelib.use_cases.releases.releases import (
    ReleaseAsked,
    ReleaseInFull,
    list_versions,
    see_previous,
    see_release,
    see_release_in_full,
)
from chalicelib.use_cases.releases.yank import unyank, yank

RELEASES = "Releases"
NAMESPACE = "/api/v1/inventory/{namespace}"
UNIT = f"{NAMESPACE}/units/{{name}}"
VERSION = f"{UNIT}/versions/{{version}}"


def _read_release(request: Request) -> tuple[ReleaseAsked, bool]:
    return words.read_release(request), words.wants_full(request)


def _see_release(ports: Ports, ask: tuple[ReleaseAsked, bool]) -> Release | ReleaseInFull:
    asked, is_full = ask
    return see_release_in_full(ports, asked) if is_full else see_release(ports, asked)


def _show_previous(release: Release) -> Reply:
    return words.show_release(release)


DIFF = dict[str, dict[str, list[shapes.DiffEntry]]]

OPERATIONS = (
    operation(
        INVENTORY,
        f"POST {NAMESPACE}/register",
        read=words.read_register,
        verb=register,
        show=show_nothing,
        permission=AUTHENTICATED,
        about=About(
            group=RELEASES,
            summary="Register a release; its namespace is made where it is missing and the caller may.",
            body=shapes.ReleaseMetadata,
        ),
    ),
    operation(
        INVENTORY,
        f"GET {UNIT}/next-version",
        read=words.read_next_version,
        verb=next_version,
        show=words.show_next_version,
        permission=AUTHENTICATED,
        about=About(
            group=RELEASES,
            summary="The next version that begins with `?prefix=`.",
            query=NextVersionQuery,
            answer=str,
            media=TEXT_MEDIA,
        ),
    ),
    operation(
        INVENTORY,
        f"GET {UNIT}/versions/",
        read=words.read_versions,
        verb=list_versions,
        show=words.show_versions,
        permission=NAMESPACE_SEEN,
        about=About(
            group=RELEASES,
            summary="A unit's versions, the highest first: all, or a page of `?page_size=` after `?page_from=`.",
            query=SliceQuery,
            answer=list[str],
        ),
    ),
    operation(
        INVENTORY,
        f"GET {VERSION}/",
        read=_read_release,
        verb=_see_release,
        show=words.show_release,
        permission=NAMESPACE_SEEN,
        about=About(
            group=RELEASES,
            summary="The release that a version, a prefix, `latest` or a tag means; `?full=true` with more around it.",
            query=ReleaseQuery,
            answer=shapes.ReleaseShown,
        ),
    ),
    operation(
        INVENTORY,
        f"GET {VERSION}/previous/",
        read=words.read_release,
        verb=see_previous,
        show=_show_previous,
        permission=NAMESPACE_SEEN,
        about=About(group=RELEASES, summary="The release before.", answer=shapes.ReleaseMetadata),
    ),
    operation(
        INVENTORY,
        f"GET {VERSION}/diff/",
        read=words_diff.read_diff,
        verb=compare_releases,
        show=words_diff.show_diff,
        permission=NAMESPACE_SEEN,
        about=About(group=RELEASES, summary="What is different from the release before.", answer=DIFF),
    ),
    operation(
        INVENTORY,
        f"GET {VERSION}/diff/{{diffWith}}/",
        read=words_diff.read_diff,
        verb=compare_releases,
        show=words_diff.show_diff,
        permission=NAMESPACE_SEEN,
        about=About(group=RELEASES, summary="What is different from another release.", answer=DIFF),
    ),
    operation(
        INVENTORY,
        f"POST {VERSION}/yank",
        read=words_yank.read_yank,
        verb=yank,
        show=show_nothing,
        permission=NAMESPACE_WRITE,
        about=About(group=RELEASES, summary="Take a release out of use.", body=shapes.YankBody),
    ),
    operation(
        INVENTORY,
        f"DELETE {VERSION}/yank",
        read=words_yank.read_unyank,
        verb=unyank,
        show=show_nothing,
        permission=NAMESPACE_WRITE,
        about=About(group=RELEASES, summary="Take a release into use again."),
    ),
)
