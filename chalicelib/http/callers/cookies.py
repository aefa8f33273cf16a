"""Read cookies, and decide when a cookie proves that its user wants a change.

This rule is only here. Any web page can make a browser send a request to us, and the browser adds our cookies.
"""

from urllib.parse import urlsplit

from chalicelib.http.request import Request
from chalicelib.kernel.access.session_jwt import token_in
from chalicelib.kernel.access.token import is_well_formed

OWN_SITES = frozenset({"same-origin", "none"})
"""Values of Sec-Fetch-Site for requests that no other site has caused."""


def cookie_of(request: Request, name: str) -> str:
    """Return the value of a cookie by its name in any case; blank if missing.

    Programs on other ports of the host share its cookies, so malformed ones are skipped, and of several with one name
    the first is taken that can be ours.
    """
    pairs = (part.partition("=") for part in request.header("cookie").split(";"))
    named = [value.strip().strip('"') for key, _, value in pairs if key.strip().lower() == name]
    return next(filter(is_ours, named), named[0] if named else "")


def plain_cookie_of(request: Request, name: str) -> str:
    """Return the value of a cookie that holds no credential; blank if missing."""
    return plain_cookie_in(request.header("cookie"), name)


def plain_cookie_in(header: str, name: str) -> str:
    """Return the value of a cookie that holds no credential, by the header; blank if missing."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return next((value for key, _, value in pairs if key == name), "")


def is_ours(value: str) -> bool:
    """True for the value of a cookie that a login may have set: a token, or a session JWT that contains one."""
    return is_well_formed(value) or token_in(value) is not None


def is_wanted(request: Request, public_url: str) -> bool:
    """True when a cookie proves that its user wants the change. public_url: where users reach the platform."""
    if is_foreign(request, public_url):
        return False
    return says_site(request) or bool(request.header("origin")) or not _is_browser(request)


def is_foreign(request: Request, public_url: str) -> bool:
    """True when a browser says that a page of another site caused the request."""
    site, origin = request.header("sec-fetch-site").lower(), request.header("origin")
    return (says_site(request) and site not in OWN_SITES) or (origin != "" and not _is_own(origin, request, public_url))


def says_site(request: Request) -> bool:
    """True when a browser says which site caused the request."""
    return request.header("sec-fetch-site") != ""


def _is_own(origin: str, request: Request, public_url: str) -> bool:
    try:
        ours, given = urlsplit(public_url), urlsplit(origin.lower())
    except ValueError:
        return False
    # A page that reaches us by its own host name does not have our cookies.
    is_requested_host = given.netloc == request.header("host").lower()
    is_public = (given.scheme, given.netloc) == (ours.scheme.lower(), ours.netloc.lower())
    # A page without an origin of its own says `null`.
    return given.netloc != "" and (is_requested_host or is_public)


def _is_browser(request: Request) -> bool:
    return request.header("user-agent").startswith("Mozilla/") or bool(request.header("referer"))
