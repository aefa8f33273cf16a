"""The demo's platform as it is deployed: a stack on a stand-in of AWS with IAM on, and a runner of this machine."""

import os
import subprocess
import sys
import time

from examples.demo.platform import SLIPWAY, Failed, Platform, free_port
from infra.rehearsal import stand_in

PREFIX = "demo-"


class Cloud(Platform):
    """A stack of the demo's own. address: of a stand-in that is there; without, one is started."""

    def __init__(self, folder, address=""):
        super().__init__(folder)
        self.address, self.account = address, None

    def _start(self, log):
        if not self.address:
            self.account = stand_in.start(free_port(), self.home / "account")
            self.address = self.account.address
        began = time.monotonic()
        told = self._deployed(log)
        print(f"the stack was made and told its address in {time.monotonic() - began:.0f} s: {told['PublicUrl']}")
        runner = {"SLIPWAY_API": told["PublicUrl"], "SLIPWAY_TOKEN": told["token"], "SLIPWAY_LOCAL_REPOSITORIES": "1"}
        words = [SLIPWAY, "runner", "--name", "demo", "--pool", "default", "--work", str(self.home / "work")]
        self.process = subprocess.Popen(words, env=self.environment | runner, stdout=log, stderr=log)
        return {"api": told["PublicUrl"], "admin_token": told["token"]}

    def _deployed(self, log):
        """The outputs of the stack, and its first token."""
        environment = {**os.environ, **stand_in.environment_of(self.address)}
        words = [sys.executable, "-m", "infra.deploy", PREFIX, "--stack", "demo", "--token"]
        done = subprocess.run(words, env=environment, text=True, stdout=subprocess.PIPE, stderr=log)
        if done.returncode:
            raise Failed(f"the stack cannot be made: see {log.name}")
        return dict(line.split(": ", 1) for line in done.stdout.splitlines())

    def _stop(self):
        super()._stop()
        if self.account:
            self.account.stop()
