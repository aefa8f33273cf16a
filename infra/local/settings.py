"""What the local cloud is told by its environment, and what it tells its children by theirs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from chalicelib.aws.endpoint import EDGE_PORT, endpoint_from
from infra.local.emulator import keys
from infra.local.emulator import process as stand_in

ELSEWHERE = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": keys.REGION}
"""What others' stand-ins take, where nobody says otherwise."""

THEIRS = frozenset({"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"})
"""What must not lead our own stand-in's clients to an account of somebody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are. elsewhere: the address of an AWS, or a stand-in, that somebody else runs."""

    port: int
    aws_port: int
    home: Path
    elsewhere: str | None

    @property
    def api(self) -> str:
        """The address of the platform's API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def aws_endpoint(self) -> str:
        """The address of whatever answers for AWS."""
        return self.elsewhere or stand_in.endpoint(self.aws_port)

    @property
    def aws_keys(self) -> Path:
        """The file of the key of our own stand-in."""
        return self.home / keys.FILE

    @property
    def aws_folder(self) -> Path | None:
        """Where our own stand-in keeps its state."""
        return None if self.elsewhere else self.home / "aws"


class Unusable(Exception):  # noqa: N818 - says what the settings are, as the faults do
    """The settings have defects: all of them, a line each."""


def read(environment: Mapping[str, str]) -> Settings:
    """The settings of these variables. Faults: Unusable."""
    defects = [*_port_defects(environment, "SLIPWAY_PORT"), *_port_defects(environment, "SLIPWAY_AWS_PORT")]
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
    )


def for_children(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of every child: ours, and where AWS is. The key of our own stand-in is in a file alone."""
    # Defaults of one machine: sweeps come each second, and everybody who can ask is the one who works here.
    ours = {
        "SLIPWAY_SWEEP_AHEAD_SECONDS": "2",
        "SLIPWAY_CALL_PRIVATE_ADDRESSES": "1",
        "SLIPWAY_LOCAL_REPOSITORIES": "1",
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


def _elsewhere(environment: Mapping[str, str]) -> str | None:
    """The address that everything of ours would go to, if these variables name one."""
    return endpoint_from(environment).endpoints.get("*")
