"""Read which release is looked at, and what is done to it, and show it."""

from urllib.parse import quote

from chalicelib.dialects.console.frame.headers import HEADERS, leave_for, page_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.dialects.console.release.acts import TagByForm, YankByForm
from chalicelib.dialects.console.release.page import ReleasePage, ReleaseQuery, Tab
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.releases.download import DownloadPackage, PackageAt
from chalicelib.use_cases.releases.releases import ReleaseByQuery
from chalicelib.use_cases.releases.tags import TagRelease
from chalicelib.use_cases.releases.yank import Yank
from slipway_formats.release_id import of_version


def read_release(request: Request) -> ReleaseQuery:
    """Read which release is looked at, and what of it. Faults: Invalid."""
    tab = request.query.text("tab") or Tab.ABOUT
    if tab not in set(Tab):
        raise Invalid.single("tab", f"should be one of {', '.join(Tab)}")
    return ReleaseQuery(
        frame=read_frame(request),
        by=request.asker,
        of=_of(request),
        tab=Tab(tab),
        page_from=request.query.text("page_from") or "",
    )


def show_release(page: ReleasePage) -> Reply:
    """Show the page."""
    return page_reply(render("release/release.html", page.asked.frame, page=page))


def read_download(request: Request) -> DownloadPackage:
    """Read whose package is fetched."""
    return DownloadPackage(of=_of(request), seed=request.seed, only_head=request.method == "HEAD")


def show_download(found: PackageAt) -> Reply:
    """Lead to the package."""
    return Reply(status=302, headers={**HEADERS, "Location": found.url})


def read_tag(request: Request) -> TagByForm:
    """Read how the release is tagged. Faults: Invalid, TooLarge."""
    of = _of(request)
    command = TagRelease(
        origin=request.origin,
        namespace=of.namespace,
        application=of.application,
        release_id=of_version(of.namespace, of.application, of.query),
        tag=dict(request.form()).get("tag", "").strip(),
    )
    return TagByForm(command=command, back=_back(of))


def read_yank(request: Request) -> YankByForm:
    """Read why the release is taken out of use. Faults: Invalid, TooLarge."""
    return _yank(request, dict(request.form()).get("notes", ""))


def read_unyank(request: Request) -> YankByForm:
    """Read which release is taken into use again."""
    return _yank(request, "")


def show_back(place: str) -> Reply:
    """Go back to the page of the release."""
    return leave_for(place)


def _of(request: Request) -> ReleaseByQuery:
    named = request.parameters
    return ReleaseByQuery(namespace=named["namespace"], application=named["application"], query=named["version"])


def _back(of: ReleaseByQuery) -> str:
    return f"../{quote(of.query, safe='')}"


def _yank(request: Request, reason: str) -> YankByForm:
    of = _of(request)
    command = Yank(
        origin=request.origin,
        namespace=of.namespace,
        application=of.application,
        version=of.query,
        reason=reason,
    )
    return YankByForm(command=command, back=_back(of))
