"""The workloads as Buildbot's master.cfg, whose dictionary it fills: builders, their triggers, one worker of 8 slots.

A build takes one slot itself while it waits for those that it triggers. A builder does one build at a time on a worker:
what is to run at once has builders of its own.
"""

import os

from buildbot.plugins import schedulers, steps, util, worker

SLOTS = 8
STEPS_OF_CHAIN, STAGES, STEPS_OF_STAGE, STEPS_OF_CROWD = 50, 10, 10, 5


def commands(count: int) -> list[object]:
    """Shell commands in sequence."""
    return [steps.ShellCommand(name=f"s{number}", command="true", haltOnFailure=True) for number in range(count)]


def stages() -> list[object]:
    """Stages one after the other, each of builds in parallel."""
    return [
        steps.Trigger(name=f"p{number}", schedulerNames=["stage"], waitForFinish=True, haltOnFailure=True)
        for number in range(STAGES)
    ]


CHAIN, BLOCKS, FIRST = "shell-chain", "shell-blocks", "first-step"
CROWD = [f"shell-crowd-{number}" for number in range(SLOTS)]
OF_STAGE = [f"stage-{number}" for number in range(STEPS_OF_STAGE)]
SAID = os.environ["PEER_SAID"]
SAYS = steps.ShellCommand(name="s0", command=f"date +%s%N > {SAID}.new && mv {SAID}.new {SAID}")
WORK = {
    CHAIN: commands(STEPS_OF_CHAIN),
    BLOCKS: stages(),
    FIRST: [SAYS],
    **{name: commands(STEPS_OF_CROWD) for name in CROWD},
    **{name: commands(1) for name in OF_STAGE},
}
FORCED = [name for name in WORK if name not in OF_STAGE]

BuildmasterConfig = {
    "buildbotNetUsageData": None,
    "collapseRequests": False,
    "db": {"db_url": "sqlite:///state.sqlite"},
    "protocols": {"pb": {"port": f"tcp:{os.environ['PEER_WORKER_PORT']}:interface=127.0.0.1"}},
    "www": {"port": f"tcp:{os.environ['PEER_PORT']}:interface=127.0.0.1", "plugins": {}},
    "workers": [worker.Worker("one", "bench", max_builds=SLOTS + 1)],
    "builders": [
        util.BuilderConfig(name=name, workernames=["one"], factory=util.BuildFactory(work))
        for name, work in WORK.items()
    ],
    "schedulers": [
        *(schedulers.ForceScheduler(name=f"force-{name}", builderNames=[name]) for name in FORCED),
        schedulers.Triggerable(name="stage", builderNames=OF_STAGE),
    ],
}
