"""What an address of git says of who asks, and where that may stand."""

import pytest

from slipway_formats.git_address import GitAddress, has_same_credentials, parted, parted_defects, secret_defects

TOKEN = "ghp_" + "x" * 36


@pytest.mark.parametrize(
    ("url", "where", "who", "secret"),
    [
        ("https://u:p@host/x.git", "https://host/x.git", "u", "p"),
        ("https://u:p%40%3A@host:8443/a/x.git?a=b", "https://host:8443/a/x.git?a=b", "u", "p@:"),
        ("http://u@host/x.git", "http://host/x.git", "u", ""),
        ("https://:p@host/x.git", "https://host/x.git", "", "p"),
        ("https://u:p@q@host/x.git", "https://host/x.git", "u", "p@q"),
        ("https://host/x@y.git", "https://host/x@y.git", "", ""),
        ("git@host:team/x.git", "git@host:team/x.git", "", ""),
        ("ssh://git@host:22/x.git", "ssh://git@host:22/x.git", "", ""),
        ("file:///srv/x.git", "file:///srv/x.git", "", ""),
    ],
)
def test_an_address_of_http_is_parted_from_who_asks(url: str, where: str, who: str, secret: str) -> None:
    assert parted(url) == GitAddress(url=where, username=who, password=secret)
    assert parted_defects(url, "url") == ()


@pytest.mark.parametrize("url", ["ssh://u:p@host/x", f"https://{TOKEN}@host/x", f"https://{'t' * 40}@host/x"])
def test_a_secret_that_would_be_shown_or_of_no_use_is_a_defect(url: str) -> None:
    (defect,) = parted_defects(url, "url")
    assert defect.path == "url"
    assert "p@" not in defect.message
    assert TOKEN not in defect.message


@pytest.mark.parametrize("url", ["https://[::1/x.git", "https://host:port/x.git"])
def test_what_cannot_be_read_is_no_address(url: str) -> None:
    assert [defect.message for defect in parted_defects(url, "url")] == ["is no address"]


@pytest.mark.parametrize("mark", "#?")
def test_a_password_that_ends_the_host_too_early_is_a_defect(mark: str) -> None:
    (defect,) = parted_defects(f"https://u:12{mark}3@host/x.git", "url")
    assert "%23" in defect.message


def test_an_address_that_many_read_holds_no_password() -> None:
    assert secret_defects("https://u:p@host/x.git", "repo")[0].path == "repo"
    assert secret_defects("https://u@host/x.git", "repo") == ()
    assert secret_defects("code", "repo") == ()


def test_a_password_is_in_no_text_about_an_address() -> None:
    assert "p4ss" not in repr(parted("https://u:p4ss@host/x.git"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://host/x.git", "https://u:p@HOST/y.git", True),
        ("https://host/x.git", "https://host:8443/x.git", False),
        ("https://host/x.git", "http://host/x.git", False),
        ("https://host/x.git", "https://evil/x.git", False),
        ("https://host/x.git", "https://[::1/x.git", False),
    ],
)
def test_a_door_is_a_scheme_and_a_host(one: str, other: str, same: bool) -> None:
    assert has_same_credentials(one, other) is same
