"""A release gets its package once, and what stands in nobody's way is cleared."""

from dataclasses import dataclass, field, replace
from hashlib import sha256

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.releases.delivery import PendingDelivery
from chalicelib.kernel.releases.release import Package, Release, ReleaseKey
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.releases import Part
from chalicelib.use_cases.releases.upload import (
    BeginUpload,
    CompleteUpload,
    PackageOf,
    UploadWhole,
    begin_upload,
    complete_upload,
    upload_whole,
)
from slipway_formats.release import Metadata
from tests.builders import NOON, an_entry
from tests.fakes.inventory import FakeInventory, as_ports
from tests.fakes.packages import ADDRESS, FakePackages
from tests.packages import a_package_file
from tests.use_cases.house import House

KEY = ReleaseKey(namespace="demo", application="app", version="1.0")
WRITER = Principal(name="ada", roles=frozenset({role_in("web", Level.WRITE)}))
RIVAL = Package(object="rival", size=1, sha256="r", at=NOON)


ONE, TWO = a_package_file(content=b"1"), a_package_file(content=b"2")


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


@dataclass
class Rivalled(FakeInventory):
    """An inventory in which a rival attaches a package at the last moment."""

    rival: Package | None = None

    def attach(self, key: ReleaseKey, package: Package, notice: PendingDelivery, entry: AuditEntry) -> None:
        if self.rival is not None:
            super().attach(key, self.rival, notice, an_entry("of the rival"))
        super().attach(key, package, notice, entry)


@dataclass
class Place:
    """Ports with one release, and what is behind them."""

    inventory: Rivalled = field(default_factory=Rivalled)
    packages: FakePackages = field(default_factory=FakePackages)
    house: House = field(default_factory=House)

    def __post_init__(self) -> None:
        release = Release(namespace="demo", metadata=Metadata(name="app", version="1.0"), by="ada", at=NOON)
        self.inventory.register(release, self.inventory.application_head("demo", "app"), "web", an_entry())
        self.inventory.audits = self.house.audits
        self.ports: Ports = replace(self.house.ports, **as_ports(self.inventory), packages=self.packages)

    def begun(self, content: bytes, seed: str = "1") -> CompleteUpload:
        """All of an upload but its end."""
        begun = begin_upload(self.ports, BeginUpload(of=a_package(seed), size=len(content), sha256=digest(content)))
        etag = self.packages.receive(begun.upload.id, 1, content)
        return CompleteUpload(of=a_package(seed), upload=begun.upload.id, parts=(Part(number=1, etag=etag),))

    def content(self) -> bytes:
        """What the package of the release is."""
        package = self.inventory.release(KEY).package
        assert package is not None
        return self.packages.files[package.object]


def a_package(seed: str = "1") -> PackageOf:
    origin = Origin(by=WRITER, at=NOON, seed=seed)
    return PackageOf(origin=origin, namespace="demo", application="app", version="v1.0")


@pytest.fixture
def place() -> Place:
    return Place()


def test_the_same_ask_again_is_no_second_package(place: Place) -> None:
    first = place.begun(ONE)

    complete_upload(place.ports, first)
    complete_upload(place.ports, first)

    assert place.content() == ONE


def test_the_same_whole_package_again_is_no_fault_and_another_is(place: Place) -> None:
    for seed in ("1", "1", "2"):
        upload_whole(place.ports, UploadWhole(of=a_package(seed), content=ONE))

    assert place.content() == ONE
    with pytest.raises(Conflict):
        upload_whole(place.ports, UploadWhole(of=a_package("3"), content=TWO))
    assert list(place.packages.files.values()) == [ONE]


def test_of_two_uploads_of_the_same_package_none_is_refused(place: Place) -> None:
    first, second = place.begun(ONE, "1"), place.begun(ONE, "2")
    complete_upload(place.ports, second)
    complete_upload(place.ports, first)

    assert list(place.packages.files.values()) == [ONE]


def test_the_same_package_that_comes_first_at_the_last_moment_is_no_fault(place: Place) -> None:
    place.inventory.rival = replace(RIVAL, sha256=digest(ONE))

    upload_whole(place.ports, UploadWhole(of=a_package(), content=ONE))

    assert place.packages.files == {}


@pytest.mark.parametrize("content", [ONE[:-1], b"no archive", a_package_file(version="2.0"), a_package_file("another")])
def test_a_package_that_is_damaged_or_of_another_release_is_refused(place: Place, content: bytes) -> None:
    with pytest.raises(Invalid, match="cannot take the package"):
        upload_whole(place.ports, UploadWhole(of=a_package(), content=content))
    with pytest.raises(Invalid, match="cannot take the package"):
        complete_upload(place.ports, place.begun(content))

    assert (place.packages.files, place.inventory.release(KEY).package) == ({}, None)
    upload_whole(place.ports, UploadWhole(of=a_package("2"), content=ONE))


def test_parts_of_another_package_than_was_declared_are_refused(place: Place) -> None:
    ask = place.begun(ONE)
    place.packages.receive(ask.upload, 1, TWO[: len(ONE)].ljust(len(ONE), b"\0"))
    with pytest.raises(Invalid, match="SHA-256"):
        complete_upload(place.ports, ask)

    assert (place.packages.files, place.inventory.release(KEY).package) == ({}, None)


def test_parts_of_a_damaged_package_stay_and_may_be_sent_again(place: Place) -> None:
    ask = place.begun(ONE)
    place.packages.receive(ask.upload, 1, bytes([*ONE[:-1], ONE[-1] ^ 1]))
    for _ in range(2):
        with pytest.raises(Invalid, match="cannot take the package"):
            complete_upload(place.ports, ask)
        assert place.packages.files == {}
    same = BeginUpload(of=a_package("2"), size=len(ONE), sha256=digest(ONE), upload=ask.upload)
    address = begin_upload(place.ports, same).plan.parts[0].url
    place.packages.receive(address.removeprefix(f"{ADDRESS}/").removesuffix("/1"), 1, ONE)
    complete_upload(place.ports, ask)

    assert place.content() == ONE


def test_parts_that_are_too_short_may_be_sent_again(place: Place) -> None:
    ask = place.begun(ONE)
    place.packages.receive(ask.upload, 1, ONE[:-1])
    with pytest.raises(Invalid, match="the parts have not"):
        complete_upload(place.ports, ask)
    place.packages.receive(ask.upload, 1, ONE)
    complete_upload(place.ports, ask)

    assert place.content() == ONE


def test_of_two_uploads_in_parts_the_first_to_end_wins(place: Place) -> None:
    first, second = place.begun(ONE, "1"), place.begun(TWO, "2")
    complete_upload(place.ports, second)

    with pytest.raises(Conflict):
        complete_upload(place.ports, first)

    assert place.content() == TWO
    assert list(place.packages.files.values()) == [TWO]


def test_who_comes_second_at_the_last_moment_leaves_nothing(place: Place) -> None:
    place.inventory.rival = RIVAL

    with pytest.raises(Conflict):
        upload_whole(place.ports, UploadWhole(of=a_package(), content=ONE))

    assert place.packages.files == {}
    assert place.inventory.release(KEY).package == RIVAL


def test_what_an_upload_that_died_left_behind_stands_in_nobodys_way(place: Place) -> None:
    place.packages.put("demo/app/v1.0/1", b"half done")

    upload_whole(place.ports, UploadWhole(of=a_package("2"), content=ONE))

    assert place.content() == ONE


def test_an_upload_that_broke_off_is_gone_on_with(place: Place) -> None:
    first = place.begun(ONE)

    same = BeginUpload(of=a_package("2"), size=len(ONE), sha256=digest(ONE).upper(), upload=first.upload)
    again = begin_upload(place.ports, same)
    complete_upload(place.ports, replace(first, of=a_package("2")))

    assert again.upload.id == first.upload
    assert [part.number for part in again.plan.parts] == [1]
    assert place.content() == ONE


def test_an_upload_of_another_package_is_not_gone_on_with(place: Place) -> None:
    first = place.begun(ONE)

    for size, other in ((4, digest(ONE)), (len(ONE), "b" * 64)):
        with pytest.raises(Invalid, match="another package"):
            begin_upload(place.ports, BeginUpload(of=a_package("2"), size=size, sha256=other, upload=first.upload))
    with pytest.raises(NotFound):
        begin_upload(place.ports, BeginUpload(of=a_package("2"), size=len(ONE), sha256=digest(ONE), upload="other"))


def test_an_upload_is_written_in_the_audit_log_once(place: Place) -> None:
    ask = place.begun(ONE)
    complete_upload(place.ports, ask)
    complete_upload(place.ports, ask)

    acts = [(entry.act, entry.subject, entry.project) for entry in place.house.audits.kept.values()]
    assert acts == [("uploaded-package", "demo/app-v1.0", "web")]
