"""One deployment: what was built, to which stack of which account."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.deploy.artifacts import Artifacts, with_code, zips_of
from infra.deploy.published import Published
from infra.deploy.shift import (
    NEW_SHARE,
    WHOLE,
    Template,
    beside,
    is_released,
    release_of,
    released,
    share_of,
    with_rights_of,
)
from infra.deploy.stack import Failed, Stack
from infra.package.indexes import indexes_of, refuse_many
from infra.rehearsal.adapted import adapted, api_url

STAGE = "slipway"
APPLICATION, INSTALLATION = "application", "installation"
"""Tags by which bills can be told apart."""

ADDRESS = "PublicUrl"
"""How clients reach the API: the parameter, and what is told with the outputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """Where to. session: of boto3. build: where `make package` wrote. stand_in: its URL; blank on AWS.

    bucket: for the code; blank for one of this account and region. tags: of the stack, and so of all that it makes.
    """

    session: Any
    build: Path
    prefix: str
    name: str
    stand_in: str = ""
    bucket: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    def deploy(self, parameters: Mapping[str, str], share: int = WHOLE) -> Mapping[str, str]:
        """Create or update the stack and return its outputs. Faults: Failed, TooManyIndexes.

        share: percentage of what comes in that the new release gets; the rest stays with the one before.
        """
        self.stack.clear()
        deployed = self.stack.template()
        if deployed is None and share != WHOLE:
            raise Failed(f"there is no stack {self.name} that could keep a share: deploy it without one")
        built, artifacts = self.template(), self.artifacts()
        codes = {name: artifacts.put_code(self.build / name) for name in sorted(zips_of(built))}
        template = with_code(built, codes)
        outputs = self._deploy(template, {"Prefix": self.prefix, **parameters}, share_of(share), deployed)
        if address := self._told_address():
            return {**outputs, ADDRESS: address}
        # An API cannot name its own address before it is there. Nothing can go back to a version that lacks it.
        own = {ADDRESS: self._address(outputs)}
        return {**self._deploy(template, own, share_of(WHOLE), None), **own}

    def shift(self, percent: int) -> Mapping[str, str]:
        """Give the new release this share of what comes in and return the outputs. Faults: Failed."""
        return {**self.stack.adjust({NEW_SHARE: share_of(percent)}), ADDRESS: self._told_address()}

    def _deploy(
        self,
        template: Template,
        parameters: Mapping[str, str],
        share: str,
        deployed: Mapping[str, Any] | None,
    ) -> Mapping[str, str]:
        """Deploy the template, beside what is deployed, if anything."""
        known = self.stack.parameters()
        release = release_of(template, {**known, **parameters})
        told = {**parameters, NEW_SHARE: share}
        if deployed is not None and is_released(deployed, release):
            return self.stack.adjust(told)
        made = released(template, release)
        if deployed is not None:
            refuse_many(indexes_of(deployed), indexes_of(template))
            made = with_rights_of(made, deployed, is_whole=known.get(NEW_SHARE, share_of(WHOLE)) == share_of(WHOLE))
        steady = {} if deployed is None else self._published.steady(template)
        tags = {APPLICATION: "slipway", INSTALLATION: self.prefix.rstrip("-"), **self.tags}
        return self.stack.deploy(self.artifacts().put_template(beside(made, steady)), told, tags)

    @property
    def _published(self) -> Published:
        return Published(client=self.session.client("lambda"), prefix=self.prefix)

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

    def _told_address(self) -> str:
        """Return how clients reach the API, as the parameters of the stack say it; blank if they do not."""
        told = self.stack.parameters()
        return f"https://{domain}" if (domain := told.get("DomainName")) else told.get(ADDRESS, "")

    def _address(self, outputs: Mapping[str, str]) -> str:
        if self.stand_in:
            return api_url(self.stand_in, outputs["RestAPIId"], STAGE)
        return outputs["EndpointURL"].rstrip("/")

    def _own_bucket(self) -> str:
        account = self.session.client("sts").get_caller_identity()["Account"]
        return f"slipway-deployments-{account}-{self.session.region_name}"
