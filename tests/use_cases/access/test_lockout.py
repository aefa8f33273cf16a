"""Nobody tries one secret after the other: after ten wrong ones for a name in a window, no more are looked at."""

from datetime import datetime, timedelta

import pytest

from chalicelib.kernel.access.lockout import MOST_WRONG, WINDOW, rest_of_window
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.access.token import text_of
from chalicelib.kernel.faults import Limited, Unauthenticated
from chalicelib.use_cases.access.authenticate import by_password, by_token
from chalicelib.use_cases.access.users import CreateUser, UserSettings, create_user
from chalicelib.use_cases.credentials.login import LogIn, log_in
from chalicelib.use_cases.ports.bundle import Ports
from tests.use_cases.access.access_ports import NOON, SEEDS, access_ports, an_origin

PASSWORD = "correct horse battery"


@pytest.fixture
def ports() -> Ports:
    """Ports that know a user ann."""
    made = access_ports()
    standing = UserSettings(mail="ann@example.org", password=PASSWORD, roles=(role_in("web", Level.OWNER),))
    create_user(made, CreateUser(origin=an_origin(), name="ann", standing=standing))
    return made


def guess(ports: Ports, name: str, secret: str, at: datetime = NOON) -> None:
    with pytest.raises(Unauthenticated):
        log_in(ports, LogIn(name=name, secret=secret, now=at, seed=SEEDS.next()))


@pytest.mark.parametrize("name", ["ann", "nobody", "n" * 5000])
@pytest.mark.parametrize("secret", ["wrong horse battery", text_of("never given out")])
def test_after_ten_wrong_secrets_for_a_name_none_is_looked_at(ports: Ports, name: str, secret: str) -> None:
    for _ in range(MOST_WRONG):
        guess(ports, name, secret)

    for each in (secret, PASSWORD):
        with pytest.raises(Limited, match="too many wrong secrets") as limited:
            log_in(ports, LogIn(name=name.upper(), secret=each, now=NOON, seed=SEEDS.next()))
        assert limited.value.after == rest_of_window(NOON) <= WINDOW


def test_a_name_is_tried_again_in_the_next_window(ports: Ports) -> None:
    for _ in range(MOST_WRONG):
        guess(ports, "ann", "wrong horse battery")

    found = by_password(ports, "ann", PASSWORD, NOON + rest_of_window(NOON))

    assert found.name == "ann"


def test_passwords_of_single_requests_count_and_are_limited_too(ports: Ports) -> None:
    for _ in range(MOST_WRONG):
        with pytest.raises(Unauthenticated):
            by_password(ports, "ann", "wrong horse battery", NOON)
    with pytest.raises(Limited):
        by_password(ports, "ann", PASSWORD, NOON)


def test_who_has_a_token_is_kept_out_by_nobody_s_guesses(ports: Ports) -> None:
    session = log_in(ports, LogIn(name="ann", secret=PASSWORD, now=NOON, seed=SEEDS.next())).issued
    for _ in range(MOST_WRONG):
        guess(ports, "ann", "wrong horse battery")

    assert by_token(ports, session.text, NOON).name == "ann"
    assert by_password(ports, "ann", session.text, NOON).name == "ann"


def test_right_secrets_are_not_counted(ports: Ports) -> None:
    for _ in range(3 * MOST_WRONG):
        by_password(ports, "ann", PASSWORD, NOON)

    assert ports.access.wrong_secrets("ann", NOON) == 0


def test_a_window_ends_when_it_says() -> None:
    for second in (0, 1, 899):
        at = NOON + timedelta(seconds=second)
        assert rest_of_window(at) == timedelta(seconds=900 - second)
