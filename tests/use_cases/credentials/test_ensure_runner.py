"""The token of this machine's own runner: for its pool alone, and the same from start to start while it holds."""

from datetime import timedelta

from chalicelib.kernel.access.principal import PrincipalKind, is_admin, may_lease
from chalicelib.kernel.access.token import text_of
from chalicelib.use_cases.access.authenticate import by_token
from chalicelib.use_cases.credentials.ensure_admin import EnsureAdmin, ensure_admin
from chalicelib.use_cases.credentials.ensure_runner import LEAST_LEFT, EnsureRunner, ensure_runner
from chalicelib.use_cases.credentials.token_checks import LONGEST_LIFETIME
from tests.use_cases.access.access_ports import NOON, access_ports

FIRST = EnsureRunner(now=NOON, runner="local", pools=("default",))


def test_the_runner_of_this_machine_leases_from_its_pool_and_may_nothing_else() -> None:
    ports = access_ports()

    found = by_token(ports, ensure_runner(ports, FIRST), NOON)

    assert (found.kind, found.name, is_admin(found)) == (PrincipalKind.RUNNER, "local", False)
    assert may_lease(found, "default")
    assert not may_lease(found, "gpu")


def test_a_start_keeps_the_token_that_holds_and_replaces_one_that_soon_does_not() -> None:
    ports = access_ports()
    text = ensure_runner(ports, FIRST)

    kept = EnsureRunner(now=NOON, runner="local", pools=("default",), text=text)
    late = EnsureRunner(now=NOON + LONGEST_LIFETIME - LEAST_LEFT, runner="local", pools=("default",), text=text)

    assert ensure_runner(ports, kept) == text
    fresh = ensure_runner(ports, late)
    assert fresh != text
    assert by_token(ports, fresh, late.now + timedelta(days=300)).name == "local"


def test_the_text_of_no_other_token_becomes_a_runner_s() -> None:
    ports = access_ports()
    admin = ensure_admin(ports, EnsureAdmin(now=NOON))
    other = ensure_runner(ports, EnsureRunner(now=NOON, runner="local", pools=("gpu",)))

    for text in (admin, other, text_of("chosen by somebody"), "no token"):
        assert ensure_runner(ports, EnsureRunner(now=NOON, runner="local", pools=("default",), text=text)) != text
