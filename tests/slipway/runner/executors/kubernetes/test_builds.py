"""Images are built by a Job of BuildKit from the git context, or from what a runner checked out, once for a commit."""

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from slipway.perform.faults import StageFailedError
from slipway.runner.executors.kubernetes.executor import KubernetesExecutor
from slipway.runner.executors.port import Task
from slipway.runner.git.repository import Source
from slipway_formats.workloads.manifest import WorkloadKind
from tests.fakes.kubernetes.cluster import FakeCluster
from tests.http_server import HttpServer
from tests.slipway.runner.executors.given import Told, a_manifest, a_task, kept
from tests.slipway.runner.repositories import git
from tests.walks.api import eventually

IMAGE = "registry/it:1"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder, by HTTP."""
    server = HttpServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with a directory `app`, of whose `code` an image is built."""
    folder = tmp_path / "samples"
    (folder / "app" / "code").mkdir(parents=True)
    (folder / "app" / "code" / "Dockerfile").write_text("FROM busybox:1.37\nCOPY . /code\n")
    (folder / "app" / "code" / "it.sh").write_text("echo from the image\n")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "first")
    return folder


@pytest.fixture
def task(checkout: Path, told: Told, tmp_path: Path) -> Task:
    source = Source(url=str(checkout), commit=git(checkout, "rev-parse", "HEAD").strip())
    manifest = a_manifest("sh", "/code/it.sh", image_destination=IMAGE)
    return a_task(tmp_path, manifest, told, files=checkout, source=source)


def test_an_image_is_built_of_a_checkout_and_run_by_its_digest(
    executor: KubernetesExecutor, told: Told, task: Task
) -> None:
    assert executor.run(task) == 0

    assert told.lines == [f"[build] pushing {IMAGE}", "from the image"]
    assert told.pods[0][0].reason == "its image is being built"
    assert told.latest[0].image.startswith(f"{IMAGE}@sha256:")


def test_an_image_is_built_from_the_git_context_and_not_again_of_the_same_commit(
    cluster: FakeCluster, executor: KubernetesExecutor, checkout: Path, tmp_path: Path
) -> None:
    git(checkout, "clone", "--quiet", "--bare", str(checkout), str(tmp_path / "served" / "samples.git"))
    git(tmp_path / "served" / "samples.git", "update-server-info")
    first, second = Told(), Told()
    with served(tmp_path / "served") as url:
        source = Source(url=f"{url}/samples", commit=git(checkout, "rev-parse", "HEAD").strip())
        manifest = a_manifest("sh", "/code/it.sh", image_destination=IMAGE)

        assert executor.run(a_task(tmp_path, manifest, first, files=checkout, source=source)) == 0
        assert executor.run(a_task(tmp_path, manifest, second, files=checkout, source=source, run="W1-2")) == 0

    assert first.lines == [f"[build] pushing {IMAGE}", "from the image"]
    assert second.lines == ["from the image"]
    assert second.latest[0].image == first.latest[0].image
    assert cluster.names("configmaps") == []


def test_an_image_that_cannot_be_built_fails_and_the_next_try_builds_anew(
    executor: KubernetesExecutor, told: Told, checkout: Path, task: Task
) -> None:
    (checkout / "app" / "code" / "Dockerfile").rename(checkout / "app" / "code" / "Other")

    with pytest.raises(StageFailedError, match=f"image {IMAGE} is not built"):
        executor.run(task)

    assert any("[build] failed to read dockerfile" in line for line in told.lines)
    (checkout / "app" / "code" / "Other").rename(checkout / "app" / "code" / "Dockerfile")
    assert executor.run(task) == 0


def test_a_deployment_that_is_taken_over_is_not_built_again(
    executor: KubernetesExecutor, checkout: Path, tmp_path: Path
) -> None:
    first, second = Told(), Told()
    source = Source(url=str(checkout), commit=git(checkout, "rev-parse", "HEAD").strip())
    manifest = a_manifest("sh", "-c", "exec sleep 1000", kind=WorkloadKind.DEPLOYMENT, image_destination=IMAGE)
    for told in (first, second):
        thread = kept(executor.keep, a_task(tmp_path, manifest, told, files=checkout, source=source))
        eventually(lambda: told.latest and told.latest[0].ready)  # noqa: B023 - called at once
        told.is_handed_back = told is first
        told.stop.set()
        thread.join(60)

    assert first.latest[0].name == second.latest[0].name
    assert not any("[build]" in line for line in second.lines)
