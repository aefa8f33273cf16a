"""What clients do to the inventory: giving releases their packages, of which hooks hear whatever fails."""

from chalicelib.dialects.inventory.routes_releases import _upload
from chalicelib.functions import effects
from chalicelib.use_cases.hooks import PutHooks, put_hooks
from chalicelib.use_cases.ports import Ports
from chalicelib.use_cases.ports_inventory import Part
from chalicelib.use_cases.upload_package import (
    BeginUpload,
    CompleteUpload,
    PackageOf,
    UploadWhole,
    begin_upload,
    complete_upload,
)
from tests.crash.catalog import GIVEN, a_project, release
from tests.crash.house import CrashHouse
from tests.crash.plans import outward
from tests.crash.story import Story, an_origin, asking, both

CONTENT = b"the package"
PACKAGE = PackageOf(origin=an_origin(), namespace="demo", application="app", version="v1.0")
GIVEN_PACKAGE = PackageOf(origin=GIVEN, namespace="demo", application="app", version="v1.0")
WHOLE = UploadWhole(of=PACKAGE, content=CONTENT)
IN_PARTS = BeginUpload(of=GIVEN_PACKAGE, size=len(CONTENT), sha256="ab" * 32)


def listened(house: CrashHouse, ports: Ports) -> None:
    """A release of an application with hooks, in a namespace with hooks."""
    a_project(house, ports)
    release(ports, "1.0")
    said = {"slack": {"url": "https://slack.example/"}, "events": {"url": "https://events.example/", "secret": "s"}}
    put_hooks(ports, PutHooks(origin=GIVEN, unit=("demo", ""), hooks=said))
    put_hooks(ports, PutHooks(origin=GIVEN, unit=("demo", "app"), hooks={"build": {"url": "https://build.example/"}}))


def complete(house: CrashHouse, ports: Ports) -> None:
    """The parts have come, and are made one package."""
    upload, etag = house.notes["upload"], house.notes["etag"]
    complete_upload(ports, CompleteUpload(of=PACKAGE, upload=upload, parts=(Part(number=1, etag=etag),)))


def parts_given(house: CrashHouse, ports: Ports) -> None:
    """An upload in parts, of which all have come."""
    listened(house, ports)
    begun = begin_upload(ports, IN_PARTS)
    asked = {
        "Bucket": house.bucket,
        "Key": f"packages/{begun.upload.object}",
        "UploadId": begun.upload.id,
        "PartNumber": 1,
        "Body": CONTENT,
    }
    etag = house.aws().call("s3", "UploadPart", asked)["ETag"]
    house.notes |= {"upload": begun.upload.id, "etag": etag}


STORIES = {
    "upload a package": Story(before=listened, act=asking(_upload, WHOLE), of=(_upload,)),
    "complete an upload": Story(before=parts_given, act=complete, of=(complete_upload,)),
    "tell hooks of an upload": Story(before=both(listened, asking(_upload, WHOLE)), act=outward, of=(effects.handle,)),
    "call a hook": Story(
        before=both(both(listened, asking(_upload, WHOLE)), outward), act=outward, of=(effects.handle,)
    ),
}
