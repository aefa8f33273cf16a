"""One deployment: what was built, to which stack of which account."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.deploy.artifacts import Artifacts, zips_of
from infra.deploy.stack import Stack
from infra.rehearsal.adapted import adapted, api_url

STAGE = "slipway"
OWN_ADDRESS = frozenset({"DomainName", "PublicUrl"})
"""Parameters that say how clients reach the API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """Where to. session: of boto3. build: where `make package` wrote. stand_in: its URL; blank on AWS.

    bucket: for the code; blank for one of this account and region.
    """

    session: Any
    build: Path
    prefix: str
    name: str
    stand_in: str = ""
    bucket: str = ""

    def deploy(self, parameters: Mapping[str, str]) -> Mapping[str, str]:
        """Create or update the stack and return its outputs. Faults: Failed."""
        artifacts = self.artifacts()
        template = self.template()
        codes = {name: artifacts.put_code(self.build / name) for name in sorted(zips_of(template))}
        url = artifacts.put_template(template, codes)
        outputs = self.stack.deploy(url, {"Prefix": self.prefix, **parameters})
        if OWN_ADDRESS & parameters.keys():
            return outputs
        # An API cannot name its own address before it is there.
        own = self._address(outputs)
        return {**self.stack.deploy(url, {"PublicUrl": own}), "PublicUrl": own}

    def template(self) -> dict[str, Any]:
        """Return the template that was built."""
        built: dict[str, Any] = json.loads((self.build / "template.json").read_text())
        return adapted(built, self.stand_in) if self.stand_in else built

    def artifacts(self) -> Artifacts:
        """Return the bucket of deployments, which is made if needed."""
        made = Artifacts(session=self.session, bucket=self.bucket or self._own_bucket())
        made.make_bucket()
        return made

    @property
    def stack(self) -> Stack:
        """Return the stack."""
        pause = 0.2 if self.stand_in else 5.0
        return Stack(cloudformation=self.session.client("cloudformation"), name=self.name, pause=pause)

    def _address(self, outputs: Mapping[str, str]) -> str:
        if self.stand_in:
            return api_url(self.stand_in, outputs["RestAPIId"], STAGE)
        return outputs["EndpointURL"].rstrip("/")

    def _own_bucket(self) -> str:
        account = self.session.client("sts").get_caller_identity()["Account"]
        return f"slipway-deployments-{account}-{self.session.region_name}"
