"""Read cookies, and decide when a cookie proves that its user wants a change.

This rule is only here. Any web page can make a browser send a request to us, and the browser adds our cookies.
"""

from urllib.parse import urlsplit

from chalicelib.http.request import Request

OWN_SITES = frozenset({"same-origin", "none"})
"""Values of Sec-Fetch-Site for requests that no other site has caused."""


def cookie_of(request: Request, name: str) -> str:
    """Return the value of a cookie by its name in any case; blank if missing.

    Programs on other ports of the host share its cookies, so malformed ones are skipped.
    """
    pairs = (part.partition("=") for part in request.header("cookie").split(";"))
    named = (value.strip() for key, _, value in pairs if key.strip().lower() == name)
    return next((value.strip('"') for value in named), "")


def is_wanted(request: Request, public_url: str) -> bool:
    """True when a cookie proves that its user wants the change. public_url: where users reach the platform."""
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
    # A page that reaches us by its own host name does not have our cookies.
    is_requested_host = given.netloc != "" and given.netloc == request.header("host").lower()
    return is_requested_host or (given.scheme, given.netloc) == (ours.scheme.lower(), ours.netloc.lower())


def _is_browser(request: Request) -> bool:
    return request.header("user-agent").startswith("Mozilla/") or bool(request.header("referer"))
