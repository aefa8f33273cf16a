"""Where the demo's workloads run: as processes of this machine, or in a cluster, which is a fake one of the tests."""

from contextlib import contextmanager

from examples.demo.platform import Failed
from examples.demo_tasks.api import eventually

EXECUTORS = ("process", "kubernetes")


class Machine:
    """This machine: its processes are all that there is."""

    settings = {}
    remark = "is not run"

    def has(self, **wanted):
        """Nothing is to be seen but by the platform."""


class Cluster:
    """A cluster, whose pods are processes of this machine."""

    remark = ""

    def __init__(self, cluster, network):
        self.cluster = cluster
        self.settings = {
            "SLIPWAY_EXECUTOR": "kubernetes",
            "SLIPWAY_KUBERNETES_KUBECONFIG": str(cluster.kubeconfig),
            "SLIPWAY_POD_NETWORKS": network,
        }

    def has(self, **wanted):
        """Check the names of the objects of each kind, once they are there, or gone."""
        for plural, names in wanted.items():
            claim = f"the cluster's {plural}: {', '.join(names) or 'none'}"
            eventually(claim, lambda plural=plural, names=names: self.cluster.names(plural) == sorted(names))


@contextmanager
def workplace(executor, folder):
    """Where the workloads of an executor run, while the block runs."""
    if executor == "process":
        yield Machine()
        return
    try:
        from tests.fakes.kubernetes.cluster import fake_cluster
        from tests.fakes.kubernetes.network import NETWORK
    except ModuleNotFoundError as error:
        raise Failed(f"{error}: make demo-tasks EXECUTOR=kubernetes installs it") from error
    with fake_cluster(folder / "cluster") as cluster:
        yield Cluster(cluster, NETWORK)
