"""Rows of the page of a release, and of what is done to it there."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.frame.headers import FORM
from chalicelib.dialects.console.release import words
from chalicelib.dialects.console.release.acts import tag_by_form, unyank_by_form, yank_by_form
from chalicelib.dialects.console.release.page import release_page
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import NAMESPACE_SEEN, NAMESPACE_WORK, NAMESPACE_WRITE
from chalicelib.http.reply import HTML_MEDIA
from chalicelib.use_cases.releases.download import download_package

GROUP = Group(CONSOLE, "Releases")
RELEASE = "/releases/{namespace}/{application}/{version}"

OPERATIONS = (
    GROUP.operation(
        f"GET {RELEASE}",
        "A release: from where it is, and by `?tab=` what it needs, what needs it, where it is, its package.",
        NAMESPACE_SEEN,
        Handling(words.read_release, release_page, words.show_release),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        f"GET {RELEASE}/package",
        "The package of a release, by an address that is good for some minutes.",
        NAMESPACE_SEEN,
        Handling(words.read_download, download_package, words.show_download),
        schema=Schema(status=302),
    ),
    GROUP.operation(
        f"POST {RELEASE}/tags",
        "Tag a release by the form of its page; a tag that is there moves.",
        NAMESPACE_WORK,
        Handling(words.read_tag, tag_by_form, words.show_back),
        schema=FORM,
    ),
    GROUP.operation(
        f"POST {RELEASE}/yanks",
        "Take a release out of use, for a reason, by the form of its page.",
        NAMESPACE_WRITE,
        Handling(words.read_yank, yank_by_form, words.show_back),
        schema=FORM,
    ),
    GROUP.operation(
        f"POST {RELEASE}/unyanks",
        "Take a release into use again, by the form of its page.",
        NAMESPACE_WRITE,
        Handling(words.read_unyank, unyank_by_form, words.show_back),
        schema=FORM,
    ),
)
