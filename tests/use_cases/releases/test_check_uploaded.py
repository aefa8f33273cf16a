"""A large package is had once it was read to its end; until then its release says so."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256

import pytest

from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.releases.delivery import LONGEST_CHECK, MOST_CHECKS, UploadNotice, pending_check
from chalicelib.kernel.releases.release import Package, Release, ReleaseKey
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.check_uploaded import attempt_check
from chalicelib.use_cases.releases.deliver import attempt_delivery
from chalicelib.use_cases.releases.download import DownloadPackage, download_package
from chalicelib.use_cases.releases.releases import ReleaseByQuery
from chalicelib.use_cases.releases.upload import UploadWhole, upload_whole
from slipway_formats.release import Metadata
from tests.builders import an_entry
from tests.fakes.inventory import FakeInventory, as_ports
from tests.fakes.packages import FakePackages
from tests.packages import a_package_file
from tests.use_cases.house import House
from tests.use_cases.releases.test_upload import a_package

KEY = ReleaseKey(namespace="demo", application="app", version="1.0")
WHOLE = a_package_file()
DOWNLOAD = DownloadPackage(of=ReleaseByQuery(namespace="demo", application="app", query="v1.0"), seed="s")


@dataclass
class Place:
    """A release whose large package has just come."""

    content: bytes = WHOLE
    inventory: FakeInventory = field(default_factory=FakeInventory)
    packages: FakePackages = field(default_factory=FakePackages)
    house: House = field(default_factory=House)

    def __post_init__(self) -> None:
        now = self.house.world.now()
        release = Release(namespace="demo", metadata=Metadata(name="app", version="1.0"), by="ada", at=now)
        self.inventory.register(release, self.inventory.application_head("demo", "app"), "web", an_entry())
        self.inventory.outbox = self.house.outbox
        self.ports: Ports = replace(self.house.ports, **as_ports(self.inventory), packages=self.packages)
        self.packages.put("big", self.content)
        digest = sha256(self.content).hexdigest()
        package = Package(object="big", size=len(self.content), sha256=digest, at=now, is_checking=True)
        self.check = pending_check("big", UploadNotice(release=KEY, project="web", by="ada"), now)
        self.inventory.attach(KEY, package, self.check, an_entry("attached"))

    @property
    def release(self) -> Release:
        return self.inventory.release(KEY)

    def acts(self) -> list[str]:
        return [entry.act for entry in self.house.outbox.audits.kept.values()]


def test_what_is_being_checked_cannot_be_had() -> None:
    place = Place()
    with pytest.raises(NotFound, match="being checked"):
        download_package(place.ports, DOWNLOAD)
    with pytest.raises(Conflict):
        upload_whole(place.ports, UploadWhole(of=a_package(), content=a_package_file(content=b"other")))


def test_what_was_read_to_its_end_can_be_had_and_is_told_of_once() -> None:
    place = Place()
    for _ in range(2):
        attempt_check(place.ports, place.check.id)

    assert place.release.package is not None
    assert not place.release.package.is_checking
    assert download_package(place.ports, DOWNLOAD).package.object == "big"
    assert [type(one.what).__name__ for one in place.house.outbox.kept.values()] == ["UploadNotice"]


@pytest.mark.parametrize("content", [WHOLE[:-1], b"none", a_package_file(version="2.0")])
def test_what_is_damaged_is_taken_from_its_release_with_the_reason(content: bytes) -> None:
    place = Place(content=content)
    for _ in range(2):
        attempt_check(place.ports, place.check.id)

    assert (place.release.package, place.packages.files, place.house.outbox.kept) == (None, {}, {})
    assert "cannot take the package" in place.release.refused
    assert place.acts().count("package-refused") == 1
    upload_whole(place.ports, UploadWhole(of=a_package(), content=WHOLE))
    assert (place.release.refused, place.release.package is not None) == ("", True)


def test_who_finds_it_in_another_s_hands_leaves_it_until_these_are_taken_for_dead() -> None:
    place = Place()
    claimed = place.house.outbox.save(replace(place.check, due_at=place.check.due_at + LONGEST_CHECK, attempts=1))
    attempt_check(place.ports, claimed.id)
    assert place.release.package is not None
    assert place.release.package.is_checking

    place.house.world.move(LONGEST_CHECK + timedelta(seconds=1))
    attempt_check(place.ports, claimed.id)
    assert not place.release.package.is_checking


def test_what_breaks_whoever_reads_it_is_refused() -> None:
    place = Place()
    place.house.outbox.kept[place.check.id] = replace(place.check, attempts=MOST_CHECKS)
    attempt_check(place.ports, place.check.id)
    assert (place.release.package, "could not be read" in place.release.refused) == (None, True)


def test_the_sweep_hands_a_check_to_its_own_queue() -> None:
    place = Place()
    attempt_delivery(place.ports, place.check.id)
    assert [sent.queue for sent in place.house.queue.sent] == ["checks"]


def test_a_check_of_what_is_gone_ends() -> None:
    place = Place()
    del place.inventory.releases[KEY]
    attempt_check(place.ports, place.check.id)
    assert (place.house.outbox.kept, place.packages.files) == ({}, {})
