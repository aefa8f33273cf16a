"""A password is recognised by what was kept of it, and by nothing else."""

from chalicelib.kernel.access.password import NOBODYS, hash_password, is_same


def test_a_password_is_known_again_and_another_is_not() -> None:
    kept = hash_password("correct horse", "salt one")

    assert is_same("correct horse", kept)
    assert not is_same("correct horsf", kept)


def test_the_same_password_is_kept_differently_under_another_salt() -> None:
    assert hash_password("correct horse", "salt one") != hash_password("correct horse", "salt two")


def test_what_is_kept_does_not_show_the_password() -> None:
    assert "correct horse" not in hash_password("correct horse", "salt one")


def test_nobody_has_nobodys_password() -> None:
    assert not is_same("", NOBODYS)
    assert not is_same("nobody", NOBODYS)
