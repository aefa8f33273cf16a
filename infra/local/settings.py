"""Read the local cloud's settings from the environment, and make the environment of its children."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from chalicelib.aws.endpoint import EDGE_PORT, endpoint_from
from infra.local.emulator import keys
from infra.local.emulator import process as stand_in
from infra.local.pod_networks import OWN_MACHINE, Network, networks_of

POD_NETWORKS = "SLIPWAY_POD_NETWORKS"
ELSEWHERE = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": keys.REGION}
"""Defaults for an external emulator."""

THEIRS = frozenset({"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"})
"""Variables removed for our own emulator, so that its clients never reach a real AWS account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Ports and folders. elsewhere: endpoint of an AWS or emulator that we do not start.

    pod_networks: where pods of services may answer.
    """

    port: int
    aws_port: int
    home: Path
    elsewhere: str | None
    pod_networks: tuple[Network, ...] = OWN_MACHINE

    @property
    def api(self) -> str:
        """Return the address of the platform's API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def aws_endpoint(self) -> str:
        """Return the address of AWS or its emulator."""
        return self.elsewhere or stand_in.endpoint(self.aws_port)

    @property
    def aws_keys(self) -> Path:
        """Return the file with the key of our own emulator."""
        return self.home / keys.FILE

    @property
    def aws_folder(self) -> Path | None:
        """Return where our own emulator stores its state, or None."""
        return None if self.elsewhere else self.home / "aws"


class Unusable(Exception):  # noqa: N818 - says what the settings are, as the faults do
    """The settings have defects; one line each."""


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings. Faults: Unusable."""
    ports = (*_port_defects(environment, "SLIPWAY_PORT"), *_port_defects(environment, "SLIPWAY_AWS_PORT"))
    defects = [*ports, *_network_defects(environment)]
    if defects:
        raise Unusable("\n".join(defects))
    made = _settings(environment)
    if made.port == made.aws_port and made.elsewhere is None:
        raise Unusable(f"SLIPWAY_PORT and SLIPWAY_AWS_PORT are both {made.port}; each needs a port of its own")
    return made


def _settings(environment: Mapping[str, str]) -> Settings:
    return Settings(
        port=int(environment.get("SLIPWAY_PORT") or 8000),
        aws_port=int(environment.get("SLIPWAY_AWS_PORT") or EDGE_PORT),
        home=Path(environment.get("SLIPWAY_HOME") or ".slipway").absolute(),
        elsewhere=_elsewhere(environment),
        pod_networks=networks_of(environment.get(POD_NETWORKS, "")),
    )


def for_children(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of every child. The key of our own emulator is only in a file."""
    # Defaults for one machine: a whole sweep every 4 seconds, and every caller is the developer.
    ours = {
        "SLIPWAY_SWEEP_AHEAD_SECONDS": "6",
        "SLIPWAY_CALL_PRIVATE_ADDRESSES": "1",
        "SLIPWAY_LOCAL_REPOSITORIES": "1",
        "SLIPWAY_EXECUTOR": "process",
        "SLIPWAY_MAIL": f"folder:{settings.home / 'mailbox'}",
        **environment,
        "SLIPWAY_PORT": str(settings.port),
        "SLIPWAY_AWS_PORT": str(settings.aws_port),
        "SLIPWAY_HOME": str(settings.home),
        "SLIPWAY_PREFIX": environment.get("SLIPWAY_PREFIX") or "slipway-",
        "AWS_ENDPOINT_URL": settings.aws_endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONUNBUFFERED": "1",
    }
    if settings.elsewhere:
        return ELSEWHERE | ours
    return {name: value for name, value in ours.items() if name not in THEIRS} | {"AWS_DEFAULT_REGION": keys.REGION}


def _port_defects(environment: Mapping[str, str], name: str) -> Iterator[str]:
    text = environment.get(name) or "1"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        yield f"{name} is {text!r}; a port is a number from 1 to 65535"


def _network_defects(environment: Mapping[str, str]) -> Iterator[str]:
    try:
        networks_of(environment.get(POD_NETWORKS, ""))
    except ValueError as error:
        yield f"{POD_NETWORKS}: {error}"


def _elsewhere(environment: Mapping[str, str]) -> str | None:
    """Return the endpoint for all AWS calls that these variables name, or None."""
    return endpoint_from(environment).endpoints.get("*")
