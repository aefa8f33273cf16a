"""Cookies: how they are read, and when what a browser adds by itself proves that its user wants a change.

The one place of this rule. A page of anybody can make a browser send a request, and the browser adds cookies.
"""

from urllib.parse import urlsplit

from chalicelib.http.request import Request

OWN_SITES = frozenset({"same-origin", "none"})
"""What browsers say of a request that no other site has caused."""


def cookie_of(request: Request, name: str) -> str:
    """The value of a cookie whatever the case of its name; blank if there is none.

    Programs on other ports of the host share its cookies. So what they wrote is passed over, however odd it is.
    """
    pairs = (part.partition("=") for part in request.header("cookie").split(";"))
    named = (value.strip() for key, _, value in pairs if key.strip().lower() == name)
    return next((value.strip('"') for value in named), "")


def is_wanted(request: Request, public_url: str) -> bool:
    """Whether a cookie proves that its user wants the change. public_url: where users reach the platform."""
    site, origin = request.header("sec-fetch-site").lower(), request.header("origin")
    if site and site not in OWN_SITES:
        return False
    if origin:
        return _is_ours(origin, request, public_url)
    return bool(site) or not _is_browser(request)


def _is_ours(origin: str, request: Request, public_url: str) -> bool:
    try:
        ours, given = urlsplit(public_url), urlsplit(origin.lower())
    except ValueError:
        return False
    # A page that reaches us by a host name of its own has no cookies of ours.
    is_asked_host = given.netloc != "" and given.netloc == request.header("host").lower()
    return is_asked_host or (given.scheme, given.netloc) == (ours.scheme.lower(), ours.netloc.lower())


def _is_browser(request: Request) -> bool:
    return request.header("user-agent").startswith("Mozilla/") or bool(request.header("referer"))
