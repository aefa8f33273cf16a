"""The contract of secrets, held by the fake and by Secrets Manager's stand-in."""

import pytest

from chalicelib.gateways.secrets import AwsSecrets
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.ports.access import Secrets
from tests.fakes.secrets import FakeSecrets


@pytest.fixture(params=["fake", pytest.param("aws", marks=pytest.mark.cloud)])
def secrets(request: pytest.FixtureRequest) -> Secrets:
    if request.param == "fake":
        return FakeSecrets()
    return AwsSecrets(aws=request.getfixturevalue("aws"), prefix=request.getfixturevalue("prefix"))


@pytest.mark.parametrize("name", ["web/key", "web/a deployment, with ~ and ü", "web/100%"])
def test_a_secret_is_read_by_its_reference(secrets: Secrets, name: str) -> None:
    reference = secrets.put(name, "-----BEGIN KEY-----\nü\n")

    assert secrets.get(reference) == "-----BEGIN KEY-----\nü\n"


def test_a_secret_put_again_replaces_the_one_before(secrets: Secrets) -> None:
    first = secrets.put("web/again", "one")
    second = secrets.put("web/again", "two")

    assert first == second
    assert secrets.get(first) == "two"


def test_a_deleted_secret_is_not_found_and_can_be_put_anew(secrets: Secrets) -> None:
    reference = secrets.put("web/gone", "one")
    secrets.delete(reference)
    secrets.delete(reference)

    with pytest.raises(NotFound):
        secrets.get(reference)
    assert secrets.get(secrets.put("web/gone", "two")) == "two"
