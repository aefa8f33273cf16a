"""The contract of the port Packages, which S3 and its fake pass alike; presigned addresses over real HTTP."""

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.aws.calls import Aws
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.releases.release import ReleaseKey, Upload
from chalicelib.store.releases.package_objects import SMALLEST_PART, S3Packages, attachment, part_size
from chalicelib.use_cases.ports.releases import Packages, Part
from infra import resources
from tests.builders import NOON
from tests.fakes.packages import FakePackages

KEY = ReleaseKey(namespace="web", application="app", version="1.0")
Receive = Callable[[str, str, int, bytes], str]


@pytest.fixture(params=["fake", "store"])
def packages(request: pytest.FixtureRequest) -> Packages:
    """An empty store of packages."""
    if request.param == "fake":
        return FakePackages()
    aws, prefix = request.getfixturevalue("aws"), request.getfixturevalue("prefix")
    resources.create_bucket(aws, prefix)
    return S3Packages(aws=aws, bucket=f"{prefix}{resources.BUCKET}")


def receive(packages: Packages, upload: Upload, number: int, content: bytes) -> Part:
    """A part, PUT to its address."""
    if isinstance(packages, FakePackages):
        return Part(number=number, etag=packages.receive(upload.stored_id, number, content))
    address = packages.plan(upload, NOON).parts[number - 1].url
    # urllib would call it a form, which the stand-in takes apart: seconds for a package.
    put = urllib.request.Request(address, content, {"Content-Type": "application/octet-stream"}, method="PUT")
    with urllib.request.urlopen(put, timeout=10) as reply:
        return Part(number=number, etag=reply.headers["ETag"])


def begun(packages: Packages, size: int) -> Upload:
    return Upload(id=packages.begin("x", size), release=KEY, object="x", size=size, sha256="", at=NOON)


def test_a_package_is_put_once(packages: Packages) -> None:
    packages.put("x", b"one")
    packages.put("x", b"one")
    with pytest.raises(Conflict):
        packages.put("x", b"two")


def test_parts_make_a_package(packages: Packages) -> None:
    content = b"a" * SMALLEST_PART + b"b"
    upload = begun(packages, len(content))
    plan = packages.plan(upload, NOON)
    assert (plan.part_size, [part.number for part in plan.parts]) == (SMALLEST_PART, [1, 2])
    parts = [
        receive(packages, upload, 2, content[SMALLEST_PART:]),
        receive(packages, upload, 1, content[:SMALLEST_PART]),
    ]
    packages.complete(upload, parts)
    packages.complete(upload, parts)


def test_a_missing_part_makes_no_package(packages: Packages) -> None:
    upload = begun(packages, SMALLEST_PART + 1)
    part = receive(packages, upload, 1, b"a" * SMALLEST_PART)
    for given in ([], [part], [part, part]):
        with pytest.raises(Invalid, match="the parts 1 to 2 are needed, each once"):
            packages.complete(upload, given)
    packages.complete(upload, [part, receive(packages, upload, 2, b"b")])


def test_parts_of_another_size_than_was_said_make_no_package(packages: Packages) -> None:
    upload = begun(packages, SMALLEST_PART + 1)
    parts = [receive(packages, upload, 1, b"a" * SMALLEST_PART), receive(packages, upload, 2, b"bb")]
    with pytest.raises(Invalid, match=f"the parts have not {SMALLEST_PART + 1} bytes in all"):
        packages.complete(upload, parts)
    packages.complete(upload, [parts[0], receive(packages, upload, 2, b"b")])
    with packages.content("x") as content:
        assert content.read() == b"a" * SMALLEST_PART + b"b"


def test_a_completed_upload_is_taken_apart_and_completed_with_another_part(packages: Packages) -> None:
    upload = begun(packages, SMALLEST_PART + 2)
    parts = [receive(packages, upload, 1, b"a" * SMALLEST_PART), receive(packages, upload, 2, b"bb")]
    packages.complete(upload, parts)

    again = replace(upload, reopened=packages.reopen(upload))
    with packages.content("x") as content:
        assert content.read() == b"a" * SMALLEST_PART + b"bb"
    packages.remove("x")
    packages.complete(again, [parts[0], receive(packages, again, 2, b"cc")])

    with packages.content("x") as content:
        assert content.read() == b"a" * SMALLEST_PART + b"cc"


def test_a_package_that_is_not_there_cannot_be_read(packages: Packages) -> None:
    with pytest.raises(NotFound), packages.content("x"):
        pass


def test_nothing_and_too_much_cannot_be_uploaded(packages: Packages) -> None:
    for size in (0, 6 * 1024**4):
        with pytest.raises(Invalid):
            packages.begin("x", size)


@pytest.mark.parametrize("size", [1, 5 * 1024**3, 200 * 1024**3, 5 * 1024**4])
def test_a_package_has_no_more_and_no_larger_parts_than_can_be_told_and_kept(size: int) -> None:
    assert part_size(size) * 2_000 >= size
    assert part_size(size) <= 5 * 1024**3


@pytest.mark.parametrize(
    ("file_name", "header"),
    [
        ("app-v1.0.tgz", 'attachment; filename="app-v1.0.tgz"'),
        ("app-тег.tgz", "attachment; filename=\"app-___.tgz\"; filename*=UTF-8''app-%D1%82%D0%B5%D0%B3.tgz"),
        ('a"\\\n.tgz', "attachment; filename=\"a___.tgz\"; filename*=UTF-8''a%22%5C%0A.tgz"),
    ],
)
def test_the_name_of_a_download_is_told_in_ascii(file_name: str, header: str) -> None:
    assert attachment(file_name) == header


def test_a_package_is_fetched_by_its_address(aws: Aws, prefix: str) -> None:
    resources.create_bucket(aws, prefix)
    packages = S3Packages(aws=aws, bucket=f"{prefix}{resources.BUCKET}")
    packages.put("web/x", b"content")
    with urllib.request.urlopen(packages.address("web/x", "app-v1.0.tgz"), timeout=10) as reply:
        assert reply.read() == b"content"
        assert reply.headers["Content-Disposition"] == 'attachment; filename="app-v1.0.tgz"'
        assert reply.headers["Content-Type"] == "application/gzip"
    head = urllib.request.Request(packages.address("web/x", "app-v1.0.tgz", only_head=True), method="HEAD")
    with urllib.request.urlopen(head, timeout=10) as reply:
        assert (reply.read(), reply.headers["Content-Length"]) == (b"", "7")
    packages.remove("web/x")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(packages.address("web/x", "app-v1.0.tgz"), timeout=10)
    caught.value.close()
    assert caught.value.code == 404
