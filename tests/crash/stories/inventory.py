"""What clients do to the inventory: its namespaces, releases, tags and hooks; and packages, of which hooks hear."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from chalicelib.dialects.console.release.acts import (
    TagByForm,
    YankByForm,
    tag_by_form,
    unyank_by_form,
    yank_by_form,
)
from chalicelib.dialects.inventory.packages.routes import _upload
from chalicelib.functions import checks, effects
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.releases.delivery import UploadNotice, pending_check
from chalicelib.kernel.releases.release import Package, ReleaseKey
from chalicelib.use_cases.audit.entries import AuditAction, entry_of
from chalicelib.use_cases.enqueue_delivery import enqueue_delivery
from chalicelib.use_cases.enqueue_due import sweep_from
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.ports.releases import Part
from chalicelib.use_cases.releases.download import DownloadPackage, download_package
from chalicelib.use_cases.releases.hooks import UpdateHooks, update_hooks
from chalicelib.use_cases.releases.namespaces import (
    CreateNamespace,
    NamespaceSettings,
    UpdateNamespace,
    create_namespace,
    update_namespace,
)
from chalicelib.use_cases.releases.register import Register, register
from chalicelib.use_cases.releases.releases import ReleaseByQuery
from chalicelib.use_cases.releases.tags import TagRelease, tag_release
from chalicelib.use_cases.releases.upload import (
    BeginUpload,
    CompleteUpload,
    PackageOf,
    UploadWhole,
    begin_upload,
    complete_upload,
    upload_whole,
)
from chalicelib.use_cases.releases.yank import Yank, unyank, yank
from chalicelib.use_cases.removal.namespace import remove_namespace
from chalicelib.use_cases.runs.sweep import sweep_deliveries
from slipway_formats.release import Dependency, Extension, Metadata, Provider
from tests.crash.catalog import GIVEN, a_project, release
from tests.crash.house import CrashHouse
from tests.crash.plans import outward
from tests.crash.stories.story import SEED, Act, Before, Story, an_origin, asking, both, work_off
from tests.packages import a_package_file

ASKED = an_origin()
CONTENT = a_package_file()
DAMAGED = bytes([*CONTENT[:-1], CONTENT[-1] ^ 1])
PACKAGE = PackageOf(origin=ASKED, namespace="demo", application="app", version="v1.0")
GIVEN_PACKAGE = PackageOf(origin=GIVEN, namespace="demo", application="app", version="v1.0")
WHOLE = UploadWhole(of=PACKAGE, content=CONTENT)
IN_PARTS = BeginUpload(of=GIVEN_PACKAGE, size=len(CONTENT), sha256=sha256(CONTENT).hexdigest())

SHOP = Metadata(
    name="shop",
    version="1.0",
    description="what sells",
    depends=(Dependency(release_id="demo/app-v1.0"),),
    extends=(Extension(release_id="demo/app-v1.1"),),
    provides=(Provider(name="site"),),
)
UMBRELLA = replace(SHOP, depends=tuple(Dependency(release_id=f"demo/e{number}-v1.0") for number in range(60)))
NAMESPACE = CreateNamespace(
    origin=ASKED, name="tools", owner="web", settings=NamespaceSettings(description="ours", is_public=True)
)
SETTINGS = UpdateNamespace(origin=ASKED, name="demo", settings=NamespaceSettings(description="new", is_public=True))
FIRST = Register(origin=ASKED, namespace="fresh", metadata=SHOP, owner="web")
NEXT = Register(origin=ASKED, namespace="demo", metadata=SHOP)
TAG = TagRelease(origin=ASKED, namespace="demo", application="app", release_id="demo/app-latest", tag="stable")
HOOKS = UpdateHooks(
    origin=ASKED, unit=("demo", ""), hooks={"events": {"url": "https://other.example/?token=b", "secret": "another"}}
)
YANK = Yank(origin=ASKED, namespace="demo", application="app", version="v1.0", reason="it leaks")
LATEST = DownloadPackage(of=ReleaseByQuery(namespace="demo", application="app", query="v1.0"), seed=SEED)


def listened(house: CrashHouse, ports: Ports) -> None:
    """A release of an application with hooks, in a namespace with hooks."""
    a_project(house, ports)
    release(ports, "1.0")
    said = {
        "slack": {"url": "https://slack.example/"},
        "events": {"url": "https://events.example/?token=a", "secret": "s"},
    }
    update_hooks(ports, UpdateHooks(origin=GIVEN, unit=("demo", ""), hooks=said))
    update_hooks(
        ports, UpdateHooks(origin=GIVEN, unit=("demo", "app"), hooks={"build": {"url": "https://build.example/"}})
    )


def furnished(house: CrashHouse, ports: Ports) -> None:
    """A namespace with all that one can have: releases, a package, a tag, hooks with secrets, what needs and offers."""
    listened(house, ports)
    upload_whole(ports, UploadWhole(of=GIVEN_PACKAGE, content=CONTENT))
    house.deliver(ports)
    release(ports, "1.1")
    register(ports, Register(origin=an_origin("given shop"), namespace="demo", metadata=SHOP, owner="web"))
    tag_release(ports, replace(TAG, origin=GIVEN))


def yanked(house: CrashHouse, ports: Ports) -> None:
    """A release that is out of use."""
    listened(house, ports)
    yank(ports, replace(YANK, origin=GIVEN))


def complete(house: CrashHouse, ports: Ports) -> None:
    """The parts have come, and are made one package."""
    upload, etag = house.notes["upload"], house.notes["etag"]
    complete_upload(ports, CompleteUpload(of=PACKAGE, upload=upload, parts=(Part(number=1, etag=etag),)))


def complete_in_vain(house: CrashHouse, ports: Ports) -> None:
    """The parts have come, and make no package that could be read."""
    with suppress(Invalid):
        complete(house, ports)


def parts_given(content: bytes) -> Before:
    """An upload in parts, of which all have come."""

    def come(house: CrashHouse, ports: Ports) -> None:
        begun = begin_upload(ports, IN_PARTS)
        asked = {
            "Bucket": house.bucket,
            "Key": f"packages/{begun.upload.object}",
            "UploadId": begun.upload.id,
            "PartNumber": 1,
            "Body": content,
        }
        etag = house.aws().call("s3", "UploadPart", asked)["ETag"]
        house.notes |= {"upload": begun.upload.id, "etag": etag}

    return both(listened, come)


def refused(house: CrashHouse, ports: Ports) -> None:
    """A hook is called, whose address wants to hear nothing more."""
    house.outside.answers = [Called(status=410)] * 9
    outward(house, ports)


def told_once(house: CrashHouse, ports: Ports) -> None:
    """A package of a namespace with one hook, whose call is to be made."""
    a_project(house, ports)
    release(ports, "1.0")
    update_hooks(
        ports, UpdateHooks(origin=GIVEN, unit=("demo", ""), hooks={"slack": {"url": "https://slack.example/"}})
    )
    upload_whole(ports, WHOLE)
    outward(house, ports)


def a_large_package(content: bytes) -> Act:
    """A package has come that is to be read."""

    def come(_: CrashHouse, ports: Ports) -> None:
        ports.packages.put("big", content)
        package = Package(object="big", size=len(content), sha256=sha256(content).hexdigest(), at=GIVEN.at)
        key = ReleaseKey(namespace="demo", application="app", version="1.0")
        check = pending_check("big", UploadNotice(release=key, project="web", by="ada"), GIVEN.at)
        entry = entry_of(GIVEN, AuditAction(act="uploaded-package", subject="demo/app-v1.0", project="web"))
        ports.package_records.attach(key, replace(package, is_checking=True), check, entry)
        enqueue_delivery(ports, check)

    return both(listened, come)


def swept(_: CrashHouse, ports: Ports) -> None:
    """The sweep has found all that is due."""
    sweep_deliveries(ports, sweep_from(ports.clock.now(), timedelta(0)))


def check_packages(house: CrashHouse, ports: Ports) -> None:
    """The function behind `checks` works off what is there."""
    work_off(house, ports, "checks", checks.work_off)


STORIES = {
    "check a large package": Story(before=a_large_package(CONTENT), act=check_packages, of=(checks.handle,)),
    "hand a check to its queue": Story(before=both(a_large_package(CONTENT), swept), act=outward, of=(effects.handle,)),
    "refuse a large package": Story(before=a_large_package(CONTENT[:-1]), act=check_packages, of=(checks.handle,)),
    "make a namespace": Story(before=a_project, act=asking(create_namespace, NAMESPACE), of=(create_namespace,)),
    "change a namespace": Story(before=listened, act=asking(update_namespace, SETTINGS), of=(update_namespace,)),
    "remove a namespace": Story(
        before=furnished, act=asking(remove_namespace, (ASKED, "demo")), of=(remove_namespace,)
    ),
    "register the first release": Story(before=a_project, act=asking(register, FIRST), of=(register,)),
    "register another release": Story(before=listened, act=asking(register, NEXT), of=(register,)),
    "register a release with many dependencies": Story(
        before=listened, act=asking(register, replace(NEXT, metadata=UMBRELLA)), of=(register,)
    ),
    "tag a release by a form": Story(
        before=furnished, act=asking(tag_by_form, TagByForm(command=TAG, back="../1.0")), of=(tag_by_form,)
    ),
    "yank a release by a form": Story(
        before=furnished, act=asking(yank_by_form, YankByForm(command=YANK, back="../1.0")), of=(yank_by_form,)
    ),
    "take a release into use again by a form": Story(
        before=yanked, act=asking(unyank_by_form, YankByForm(command=YANK, back="../1.0")), of=(unyank_by_form,)
    ),
    "tag a release": Story(before=listened, act=asking(tag_release, TAG), of=(tag_release,)),
    "move a tag": Story(before=furnished, act=asking(tag_release, TAG), of=(tag_release,)),
    "change hooks": Story(before=listened, act=asking(update_hooks, HOOKS), of=(update_hooks,)),
    "yank a release": Story(before=furnished, act=asking(yank, YANK), of=(yank,)),
    "take a release into use again": Story(before=yanked, act=asking(unyank, YANK), of=(unyank,)),
    "download a package": Story(before=furnished, act=asking(download_package, LATEST), of=(download_package,)),
    "upload a package": Story(before=listened, act=asking(_upload, WHOLE), of=(_upload,)),
    "complete an upload": Story(before=parts_given(CONTENT), act=complete, of=(complete_upload,)),
    "refuse an upload": Story(before=parts_given(DAMAGED), act=complete_in_vain, of=(complete_upload,)),
    "begin an upload": Story(before=listened, act=asking(_upload, IN_PARTS), of=(_upload,)),
    "give a hook up": Story(before=told_once, act=refused, of=(effects.handle,)),
    "tell hooks of an upload": Story(before=both(listened, asking(_upload, WHOLE)), act=outward, of=(effects.handle,)),
    "call a hook": Story(
        before=both(both(listened, asking(_upload, WHOLE)), outward), act=outward, of=(effects.handle,)
    ),
}
