"""Addresses of git repositories, apart from who asks, and what may be named there. What is secret is in no address."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

BY_HTTP = frozenset({"http", "https"})
LONGEST_NAME = 39
"""Characters of a user who stands alone in an address; tokens, which some write there, are longer."""

TOKENS = ("ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "gldt-", "ATBB", "ATCTT")
"""With what the tokens of well-known hosts begin."""

_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")
# As `git check-ref-format` has it, a little stricter: what a shell or git itself could read as something else is out.
_BRANCH = re.compile(
    r"(?!.*(\.\.|//|@\{|/\.|\.lock(/|$)))[^-./ ~^:?*\[\\\x00-\x20\x7f][^ ~^:?*\[\\\x00-\x20\x7f]{0,254}(?<![./])"
)


@frozen
class GitAddress:
    """Where a repository is, and who asks for it there, as far as its address said so."""

    url: str
    username: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"GitAddress(url={self.url!r})"


def is_branch(name: str) -> bool:
    """Whether the name can be that of a branch, and is read as nothing else."""
    return _BRANCH.fullmatch(name) is not None


def is_commit(text: str) -> bool:
    """Whether the text can be the id of a commit, or the beginning of one."""
    return _COMMIT.fullmatch(text) is not None


def parted(url: str) -> GitAddress:
    """The address without whoever an address of HTTP names; any other as it is."""
    split = _split(url)
    if split is None or split.scheme not in BY_HTTP or "@" not in split.netloc:
        return GitAddress(url=url)
    who, _, host = split.netloc.rpartition("@")
    username, _, password = who.partition(":")
    plain = split._replace(netloc=host).geturl()
    return GitAddress(url=plain, username=unquote(username), password=unquote(password))


def parted_defects(url: str, path: str) -> tuple[Defect, ...]:
    """What keeps an address from being parted: a secret where it is of no use, or would be taken for a name."""
    split = _split(url)
    if split is None:
        return (Defect(path, "is no address"),)
    if split.scheme not in BY_HTTP:
        who = split.netloc.rpartition("@")[0]
        return (Defect(path, f"holds a password, which {split.scheme} does not take"),) if ":" in who else ()
    if "@" in split.query + split.fragment:
        return (Defect(path, "is no address: in a name or password, # and ? are written as %23 and %3F"),)
    found = parted(url)
    if found.username and not found.password and _may_be_a_token(found.username):
        return (Defect(path, "holds what may be a token: give it as password"),)
    return ()


def secret_defects(url: str, path: str) -> tuple[Defect, ...]:
    """What an address holds that all who may read it are not to see."""
    if defects := parted_defects(url, path):
        return defects
    if parted(url).password:
        return (Defect(path, "holds a password: save it with a repository of the project, and give that one's name"),)
    return ()


def has_same_credentials(one: str, other: str) -> bool:
    """Whether a password for the one address goes to nobody else at the other."""
    doors = [_split(parted(url).url) for url in (one, other)]
    first, second = ((door.scheme, door.netloc.lower()) if door is not None else None for door in doors)
    return first is not None and first == second


def _may_be_a_token(username: str) -> bool:
    return len(username) > LONGEST_NAME or username.startswith(TOKENS)


def _split(url: str) -> SplitResult | None:
    try:
        split = urlsplit(url)
        split.port  # noqa: B018 - looked at, since it is judged no earlier
    except ValueError:
        return None
    return split
