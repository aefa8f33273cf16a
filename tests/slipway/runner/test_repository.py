"""Which addresses of repositories git may be given."""

from __future__ import annotations

import pytest

from slipway.runner.git import repository
from slipway.runner.git.repository import url_defect
from slipway.runner.verdict import JobFieldsError


@pytest.mark.parametrize(
    "url",
    [
        "https://host/a.git", "http://host:8080/a", "ssh://git@host:22/a.git", "git@host:a/b.git", "host:a.git",
        "git://host/a", "https://user:word@host/a.git",
    ],
)  # fmt: skip
def test_addresses_of_other_machines_are_taken(url: str) -> None:
    assert url_defect(url, local=False) is None


@pytest.mark.parametrize("url", ["/srv/a.git", "file:///srv/a.git", "file://localhost/srv/a"])
def test_addresses_of_this_machine_are_taken_where_it_is_allowed(url: str) -> None:
    assert url_defect(url, local=False) is not None
    assert url_defect(url, local=True) is None


@pytest.mark.parametrize(
    "url",
    [
        "", "ext::sh -c touch% /tmp/x", "fd::17", "::x", "--upload-pack=touch /tmp/x", "-u", "ssh://-oProxyCommand=x/a",
        "ssh://-x@host/a", "-oProxyCommand=x:a", "git@-oProxyCommand=x:a", "host:-x", "ftp://host/a", "https:///a",
        "https://host/a\n", "https://host/a\0b", "javascript://x", "../a", "a", "https://host:port/a", "https://[::1/a",
        "file://other/srv/a", "ssh://", "HTTP+ext::x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("local", [False, True])
def test_hostile_addresses_are_refused(url: str, local: bool) -> None:
    assert url_defect(url, local=local) is not None


def test_all_defects_are_told_at_once() -> None:
    with pytest.raises(JobFieldsError) as caught:
        repository.read({"repository": "ext::x", "branch": "--x", "commit": "HEAD"}, local=False)

    assert str(caught.value).count(";") == 2


def test_a_password_leaves_the_address() -> None:
    source = repository.read({"repository": "https://ann:s%40cret@host:81/a.git"}, local=False)

    assert (source.url, source.username, source.password) == ("https://host:81/a.git", "ann", "s@cret")
    assert "s@cret" not in repr(source)


def test_a_password_leaves_the_address_however_its_scheme_is_written() -> None:
    source = repository.read({"repository": "HTTPS://ann:secret@host/a.git"}, local=False)

    assert (source.url, source.username, source.password) == ("https://host/a.git", "ann", "secret")


@pytest.mark.parametrize("branch", ["main~1", "main^", "a.lock", "a//b", "a@{1}", "a.", "a\\b", "a:b"])
def test_what_git_would_read_as_something_else_is_no_branch(branch: str) -> None:
    with pytest.raises(JobFieldsError, match="branch"):
        repository.read({"repository": "https://host/a.git", "branch": branch}, local=False)
