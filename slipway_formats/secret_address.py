"""Find what is secret in an address: passwords, tokens, paths of incoming webhooks. Secrets are separated or masked.

Decided by names of parameters and forms of paths, not by known values: what may be a secret counts as one.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

MASK = "***"

LONGEST = 20_000
"""Characters of an address that are examined; everything after them counts as secret."""

LONGEST_NAME = 39
"""Maximum characters of a user name without a password in an address; a longer one may be a token."""

TOKENS = ("ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "gldt-", "ATBB", "ATCTT")
"""Prefixes of the tokens of well-known hosts."""

_ADDRESS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*:)?//(?P<authority>[^/?#\\]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.DOTALL,
)
_SECRET_NAME = re.compile(
    r"token|secret|passw|passphrase|^pass$|^pwd$|^pw$|credential|key$|^sig$|signature|auth(?!ors?$|orname$)|^code$|^jwt|bearer|^pat$|^sas$"
)
_PATHS = (
    # Slack, also by the path alone: proxies and tests have other hosts.
    re.compile(r"^//hooks\.slack(?:-gov)?\.com(?::\d+)?/[^/]+/(.+)$", re.IGNORECASE),
    re.compile(r"^//.*/services/(T\w+/B\w+/.+)$"),
    re.compile(r"^//[^/]*discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/(.+)$", re.IGNORECASE),
    re.compile(r"^//[^/]*(?:webhook\.office|outlook\.office|outlook\.office365)\.com/\w+/(.+)$", re.IGNORECASE),
    re.compile(r"^//[^/]*/bot(\d+:[\w-]+)(?:/|$)"),
    re.compile(r"^//[^/]*hooks\.zapier\.com/hooks/catch/(.+)$", re.IGNORECASE),
    re.compile(r"^//.*/with/key/(.+)$"),
    re.compile(r"^//.*/(?:builds|pipelines)/webhook/([^/]+)/?$"),  # of a build or pipeline of ours
)
_RUN = re.compile(r"[A-Za-z0-9]{16,}")
_WORD = re.compile(r"[A-Za-z0-9_-]+")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_VALUE = re.compile(r"[\w.~+/=-]{20,}")


@frozen
class CalledAddress:
    """A URL without its user and password, and the headers that carry them instead."""

    url: str
    headers: Mapping[str, str]

    def __repr__(self) -> str:
        return f"CalledAddress(url={shown(self.url)!r})"


def may_be_a_token(username: str) -> bool:
    """True when a user name without a password may be a token."""
    return len(username) > LONGEST_NAME or username.startswith(TOKENS)


def shown(url: str, *, is_called: bool = False) -> str:
    """Return the address with `***` for what may be secret.

    is_called: an address to post to, whose path may be secret.
    """
    for start, end in reversed(_secret_spans(url, is_called=is_called)):
        url = f"{url[:start]}{MASK}{url[end:]}"
    return url


def has_secret(url: str, *, is_called: bool = False) -> bool:
    """True when the address contains what may be secret."""
    return bool(_secret_spans(url, is_called=is_called))


def address_defects(url: str, path: str) -> tuple[Defect, ...]:
    """Return a defect when an address that all readers see contains a secret."""
    return (Defect(path, "holds a password or token, which all who may read it would see"),) if has_secret(url) else ()


def without_secrets(text: str, url: str) -> str:
    """Mask the address's secrets in a text, such as an answer or an error that repeats them."""
    secrets = {url[start:end] for start, end in _secret_spans(url, is_called=True)}
    for secret in sorted(secrets | {unquote(one) for one in secrets}, key=len, reverse=True):
        text = text.replace(secret, MASK) if len(secret) > 3 else text
    return text


def called(url: str) -> CalledAddress:
    """Move user and password from the address to headers."""
    found = _ADDRESS.fullmatch(url)
    who, at, _ = found["authority"].rpartition("@") if found is not None else ("", "", "")
    if found is None or not at:
        return CalledAddress(url=url, headers={})
    start = found.start("authority")
    plain = f"{url[:start]}{url[start + len(who) + 1 :]}"
    name, _, password = who.partition(":")
    pair = b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode()
    return CalledAddress(url=plain, headers={"authorization": f"Basic {pair}"})


def _secret_spans(url: str, *, is_called: bool) -> list[tuple[int, int]]:
    """Return start and end of each secret, in order and without overlaps. Masked parts are left out."""
    found = _ADDRESS.fullmatch(url[:LONGEST])
    if found is None:
        return []
    every = [*_in_authority(found), *_in_path(found, is_called=is_called), *_in_pairs(found, "query")]
    every += [*_in_pairs(found, "fragment"), (LONGEST, len(url))]
    return sorted((start, end) for start, end in every if start < end and url[start:end] != MASK)


def _in_authority(found: re.Match[str]) -> Iterator[tuple[int, int]]:
    who, at, _ = found["authority"].rpartition("@")
    if not at:
        return
    start = found.start("authority")
    name, colon, password = who.partition(":")
    if may_be_a_token(name) or (not password and _is_random_word(name)):
        yield start, start + len(name)
    if colon:
        yield start + len(name) + 1, start + len(who)


def _in_path(found: re.Match[str], *, is_called: bool) -> Iterator[tuple[int, int]]:
    host = found["authority"].rpartition("@")[2]
    text, shift = f"//{host}{found['path']}", found.start("path") - len(host) - 2
    for pattern in _PATHS:
        if (known := pattern.match(text)) is not None:
            group = known.lastindex or 0
            yield known.start(group) + shift, known.end(group) + shift
            return
    if is_called:
        for segment in re.finditer(r"[^/]+", found["path"]):
            if _is_random_word(segment[0]) or _UUID.fullmatch(segment[0]):
                yield segment.start() + found.start("path"), segment.end() + found.start("path")


def _in_pairs(found: re.Match[str], part: str) -> Iterator[tuple[int, int]]:
    """Yield secrets in a query, or in a fragment with the syntax of one."""
    if not found[part]:
        return
    for pair in re.finditer(r"[^&;]+", found[part][1:]):
        name, equals, value = pair[0].partition("=")
        start = found.start(part) + 1 + pair.start()
        if not equals and _is_random(name):
            yield start, start + len(name)
        elif equals and (_is_secret_name(name) or _is_random(value) or "@" in unquote(value)):
            yield start + len(name) + 1, start + len(pair[0])


def _is_secret_name(name: str) -> bool:
    plain = re.sub(r"[^a-z0-9]", "", unquote(name).lower())
    return _SECRET_NAME.search(plain) is not None


def _is_random(text: str) -> bool:
    return _VALUE.fullmatch(text) is not None and _has_random_run(text)


def _is_random_word(text: str) -> bool:
    return _WORD.fullmatch(text) is not None and _has_random_run(text)


def _has_random_run(text: str) -> bool:
    """True when letters and digits are mixed in a long run, as in generated texts."""
    return any(re.search("[0-9]", run) and re.search("[A-Za-z]", run) for run in _RUN.findall(text))
