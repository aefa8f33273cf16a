"""Parse and check addresses of git repositories, branches and commits. Credentials are kept out of addresses."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen
from slipway_formats.secret_address import has_secret, may_be_a_token

BY_HTTP = frozenset({"http", "https"})
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")
# Like `git check-ref-format`, but stricter: excludes what a shell or git could interpret as something else.
_BRANCH = re.compile(
    r"(?!.*(\.\.|//|@\{|/\.|\.lock(/|$)))[^-./ ~^:?*\[\\\x00-\x20\x7f][^ ~^:?*\[\\\x00-\x20\x7f]{0,254}(?<![./])"
)


@frozen
class GitAddress:
    """A repository's address, and the credentials that were in it."""

    url: str
    username: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"GitAddress(url={self.url!r})"


def is_branch(name: str) -> bool:
    """True when the name is a valid branch name that cannot be mistaken for anything else."""
    return _BRANCH.fullmatch(name) is not None


def is_commit(text: str) -> bool:
    """True when the text may be a commit id or its beginning."""
    return _COMMIT.fullmatch(text) is not None


def repository_name(url: str) -> str:
    """Return the last part of an address in small letters, without `.git`: what differs least between its forms."""
    last = re.split(r"[/:]", unquote(url.rstrip("/")))[-1]
    return last.lower().removesuffix(".git")


def parted(url: str) -> GitAddress:
    """Separate user and password from an HTTP address; leave other addresses as they are."""
    split = _split(url)
    if split is None or split.scheme not in BY_HTTP or "@" not in split.netloc:
        return GitAddress(url=url)
    who, _, host = split.netloc.rpartition("@")
    username, _, password = who.partition(":")
    plain = split._replace(netloc=host).geturl()
    return GitAddress(url=plain, username=unquote(username), password=unquote(password))


def parted_defects(url: str, path: str) -> tuple[Defect, ...]:
    """Return why an address cannot be separated safely: a secret where it is useless or looks like a user name."""
    split = _split(url)
    if split is None:
        return (Defect(path, "is no address"),)
    if split.scheme not in BY_HTTP:
        who = split.netloc.rpartition("@")[0]
        is_secret = ":" in who or has_secret(url)
        return (Defect(path, f"holds a password, which {split.scheme} does not take"),) if is_secret else ()
    if "@" in split.query + split.fragment:
        return (Defect(path, "is no address: in a name or password, # and ? are written as %23 and %3F"),)
    found = parted(url)
    if found.username and not found.password and may_be_a_token(found.username):
        return (Defect(path, "holds what may be a token: give it as password"),)
    if has_secret(found.url):
        return (Defect(path, "holds what may be a token behind its ?: give it as password"),)
    return ()


def secret_defects(url: str, path: str) -> tuple[Defect, ...]:
    """Return which secrets an address contains that its readers must not see."""
    if defects := parted_defects(url, path):
        return defects
    if parted(url).password:
        return (Defect(path, "holds a password: save it with a repository of the project, and give that one's name"),)
    return ()


def has_same_credentials(one: str, other: str) -> bool:
    """True when a password for one address would go to the same host at the other."""
    addresses = [_split(parted(url).url) for url in (one, other)]
    first, second = ((address.scheme, address.netloc.lower()) if address is not None else None for address in addresses)
    return first is not None and first == second


def _split(url: str) -> SplitResult | None:
    try:
        split = urlsplit(url)
        split.port  # noqa: B018 - urlsplit checks the port only when it is read
    except ValueError:
        return None
    return split
