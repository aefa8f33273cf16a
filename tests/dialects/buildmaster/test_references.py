"""How requests name applications, releases and builds."""

import pytest

from chalicelib.dialects.buildmaster.parameters import Parameters
from chalicelib.dialects.buildmaster.references import (
    APPLICATION,
    RELEASE_IN_FILTER,
    find_reference,
    read_build,
    read_release,
)
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.train_addresses.addresses import Address, SnapshotAddress, TrainAddress


def parameters(**given: str) -> Parameters:
    return Parameters(given.items())


def defects(read: Parameters) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read.check()
    return [str(defect) for defect in caught.value.defects]


def test_a_filter_takes_any_alternative() -> None:
    read = parameters(APPLICATIONNAME="Shop", releaseid="-1")

    assert find_reference(read, APPLICATION) == Address(title="Shop")
    assert find_reference(read, RELEASE_IN_FILTER) == Address(id=-1)
    assert find_reference(parameters(releaseNumber="1"), RELEASE_IN_FILTER) == Address(number="1")
    assert find_reference(parameters(), APPLICATION) is None


def test_an_id_beside_its_name_is_refused() -> None:
    read = parameters(applicationId="1", applicationName="Shop")
    find_reference(read, APPLICATION)

    assert defects(read) == ["applicationName: stands beside applicationId: give one of them"]


def test_an_action_goes_up_the_ladder() -> None:
    shop = Address(title="Shop")
    release = TrainAddress(train=Address(number="1.0"), application=shop)

    assert read_build(parameters(buildId="7")) == SnapshotAddress(snapshot=Address(id=7))
    assert read_build(parameters(buildNumber="2", releaseNumber="1.0", applicationName="Shop")) == SnapshotAddress(
        snapshot=Address(number="2"), train=release
    )
    assert read_release(parameters(releaseId="7")) == TrainAddress(train=Address(id=7))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ["buildId: is required, or buildNumber"]),
        ({"buildNumber": "1"}, ["releaseId: is required, or releaseNumber"]),
        ({"buildNumber": "1", "releaseNumber": "1"}, ["applicationId: is required, or applicationName"]),
        ({"buildId": "1", "releaseId": "1"}, ["releaseId: goes with buildNumber alone"]),
        ({"buildId": "1", "applicationName": "x"}, ["applicationName: goes with buildNumber alone"]),
        (
            {"buildNumber": "1", "releaseId": "1", "applicationId": "1"},
            ["applicationId: goes with releaseNumber alone"],
        ),
        ({"buildId": "x"}, ["buildId: should be a whole number"]),
    ],
)
def test_a_rung_too_few_or_too_many_is_refused(given: dict[str, str], said: list[str]) -> None:
    read = parameters(**given)
    read_build(read)

    assert defects(read) == said
