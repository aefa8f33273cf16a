"""A password is recognised by what was kept of it, and by nothing else."""

from chalicelib.kernel.access.password import COST, hash_password, is_same, nobodys
from chalicelib.use_cases.ports.bundle import Settings


def test_a_password_is_known_again_and_another_is_not() -> None:
    kept = hash_password("correct horse", "salt one")

    assert is_same("correct horse", kept)
    assert not is_same("correct horsf", kept)


def test_the_same_password_is_kept_differently_under_another_salt() -> None:
    assert hash_password("correct horse", "salt one") != hash_password("correct horse", "salt two")


def test_what_is_kept_does_not_show_the_password() -> None:
    assert "correct horse" not in hash_password("correct horse", "salt one")


def test_what_is_kept_says_what_it_costs() -> None:
    cheap = hash_password("correct horse", "salt one", cost=16)

    assert cheap.startswith("scrypt$16$")
    assert is_same("correct horse", cheap)
    assert not is_same("correct horsf", cheap)


def test_an_installation_has_its_passwords_hashed_at_full_cost_and_so_nobody_s() -> None:
    kept = hash_password("correct horse", "salt one", Settings().hash_cost)

    assert Settings().hash_cost == COST == 2**14
    assert kept.startswith("scrypt$16384$8$1$")
    assert nobodys(Settings().hash_cost).startswith("scrypt$16384$8$1$")


def test_nobody_has_nobodys_password() -> None:
    assert not is_same("", nobodys())
    assert not is_same("nobody", nobodys())
