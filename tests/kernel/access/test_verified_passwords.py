"""What a process remembers of right passwords."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.access.verified_passwords import MOST, REMEMBERED, VerifiedPassword, VerifiedPasswords
from tests.builders import NOON

KEY = b"of this process"
ANN = VerifiedPassword(user="ann", version=3, password="correct horse", kept="scrypt$1$1$1$salt$hash")


def test_a_password_is_remembered_for_a_minute_and_no_longer() -> None:
    verified = VerifiedPasswords()
    verified.remember(ANN, KEY, NOON)

    assert verified.has(ANN, KEY, NOON + REMEMBERED - timedelta(milliseconds=1))
    assert not verified.has(ANN, KEY, NOON + REMEMBERED)


@pytest.mark.parametrize("other", [{"user": "anna"}, {"version": 4}, {"password": "wrong"}, {"kept": "another"}])
def test_whoever_changes_is_not_remembered(other: dict[str, object]) -> None:
    verified = VerifiedPasswords()
    verified.remember(ANN, KEY, NOON)

    assert not verified.has(replace(ANN, **other), KEY, NOON)  # type: ignore[arg-type]  # a field at a time


def test_what_is_kept_is_worth_nothing_without_the_key_of_the_process() -> None:
    verified = VerifiedPasswords()
    verified.remember(ANN, KEY, NOON)

    assert not verified.has(ANN, b"of another", NOON)


def test_no_more_than_so_many_are_remembered_and_the_oldest_goes() -> None:
    verified = VerifiedPasswords()
    for version in range(MOST + 1):
        verified.remember(replace(ANN, version=version), KEY, NOON)

    known = [version for version in range(MOST + 1) if verified.has(replace(ANN, version=version), KEY, NOON)]
    assert known == list(range(1, MOST + 1))
