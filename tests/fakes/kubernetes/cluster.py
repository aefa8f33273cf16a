"""A fake cluster: its API server, controllers and nodes, in this process."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import kubernetes_validate

from slipway.runner.cluster_settings import ClusterSettings
from tests.fakes.kubernetes.certificate import made, server_context
from tests.fakes.kubernetes.controllers import Controllers
from tests.fakes.kubernetes.kubelet import Kubelet
from tests.fakes.kubernetes.server import ApiServer, Calls, Handler
from tests.fakes.kubernetes.store import Json, Refused, Store

VERSION = "1.37"
TOKEN = "of-the-runner"


@dataclass(frozen=True, kw_only=True)
class FakeCluster:
    """A cluster that runs. kubeconfig: a file that leads there."""

    store: Store
    calls: Calls
    kubelet: Kubelet
    kubeconfig: Path

    @property
    def settings(self) -> ClusterSettings:
        return ClusterSettings(kubeconfig=str(self.kubeconfig))

    def names(self, plural: str) -> list[str]:
        return sorted(one["metadata"]["name"] for one in self.store.of(plural))


@contextmanager
def fake_cluster(folder: Path) -> Iterator[FakeCluster]:
    """A cluster, while the block runs."""
    store, calls, closed = Store(), Calls(), threading.Event()
    kubelet = Kubelet(store, folder / "node")
    known: dict[str, object] = {
        "store": store, "calls": calls, "closed": closed,
        "log_lines": staticmethod(kubelet.log_lines), "judge": staticmethod(judge), "token": TOKEN,
    }  # fmt: skip
    server = ApiServer(("127.0.0.1", 0), type("OwnHandler", (Handler,), known))
    server.context = server_context(folder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    controllers = Controllers(store)
    try:
        yield FakeCluster(
            store=store, calls=calls, kubelet=kubelet, kubeconfig=_kubeconfig(folder / "kubeconfig", server.server_port)
        )
    finally:
        closed.set()
        controllers.close()
        kubelet.close()
        server.shutdown()
        server.server_close()


def judge(body: Json) -> None:
    """Let nothing in that Kubernetes would not read. Faults: Refused."""
    try:
        kubernetes_validate.validate(body, VERSION, strict=True)
    except kubernetes_validate.ValidationError as wrong:
        place = ".".join(map(str, wrong.path))
        raise Refused(422, "Invalid", f"{body.get('kind')} is invalid: {place}: {wrong.message}") from wrong


def _kubeconfig(path: Path, port: int) -> Path:
    ca = base64.b64encode(made()[0]).decode()
    cluster = {"server": f"https://127.0.0.1:{port}", "certificate-authority-data": ca}
    config = {
        "apiVersion": "v1", "kind": "Config", "current-context": "fake",
        "clusters": [{"name": "fake", "cluster": cluster}],
        "users": [{"name": "runner", "user": {"token": TOKEN}}],
        "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "runner"}}],
    }  # fmt: skip
    path.write_text(json.dumps(config))
    return path
