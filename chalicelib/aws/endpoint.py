"""Region, endpoints and credentials of AWS for this process, from its settings. Making calls: calls.py."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.aws.partitions import domain_of
from chalicelib.kernel.faults import Unavailable
from slipway_formats.frozen import frozen

OFF = frozenset({"", "false", "0", "no"})
UNSUPPORTED = {
    "AWS_USE_FIPS_ENDPOINT": "FIPS endpoints",
    "AWS_USE_DUALSTACK_ENDPOINT": "dual-stack endpoints",
    "HTTPS_PROXY": "proxies",
    "https_proxy": "proxies",
}
"""Settings of AWS's clients that the functions' own would ignore, by variable."""

EDGE_PORT = 4566
"""Of LocalStack and compatible emulators."""


@frozen
class Keys:
    """Current credentials. token: of a session, or empty."""

    access: str
    secret: str
    token: str = ""


@frozen
class AwsEndpoint:
    """A region, endpoint overrides by service (`*` for all), and a function that returns the credentials.

    is_searched: botocore's own search finds and renews the credentials. ca_bundle: file of the certificates to trust;
    empty for those of the machine.
    """

    region: str
    endpoints: Mapping[str, str]
    keys: Callable[[], Keys]
    is_searched: bool = False
    ca_bundle: str = ""

    @property
    def is_local(self) -> bool:
        """Return True if an emulator answers for all of AWS."""
        return "*" in self.endpoints

    def endpoint(self, service: str) -> str:
        """Return the base URL of a service, without a trailing slash."""
        own = self.endpoints.get(service) or self.endpoints.get("*")
        return (own or f"https://{service}.{self.region}.{domain_of(self.region)}").rstrip("/")


def endpoint_from(environment: Mapping[str, str]) -> AwsEndpoint:
    """Return the endpoint that the environment variables describe; only for an emulator keys default to test/test.

    AWS_ENDPOINT_URL, or localstack-client's LOCALSTACK_HOST, is the URL of an emulator; AWS_ENDPOINT_URL_<SERVICE> that
    of one service. Raises ValueError for what would be ignored on the way to AWS.
    """
    endpoints = _endpoints(environment)
    if "*" not in endpoints:
        _refuse_unsupported(environment)
    is_searched = not environment.get("AWS_ACCESS_KEY_ID") and "*" not in endpoints
    return AwsEndpoint(
        region=environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or "us-east-1",
        endpoints=endpoints,
        keys=_searched_keys() if is_searched else _given_keys(environment),
        is_searched=is_searched,
        ca_bundle=environment.get("AWS_CA_BUNDLE", ""),
    )


def _refuse_unsupported(environment: Mapping[str, str]) -> None:
    for name, what in UNSUPPORTED.items():
        if environment.get(name, "").lower() not in OFF:
            raise ValueError(f"{name}: {what} are not supported by the platform's own client of AWS")


def _endpoints(environment: Mapping[str, str]) -> Mapping[str, str]:
    prefix = "AWS_ENDPOINT_URL_"
    endpoints = {
        name.removeprefix(prefix).lower().replace("_", ""): address
        for name, address in environment.items()
        if name.startswith(prefix) and address
    }
    if environment.get("AWS_ENDPOINT_URL"):
        endpoints["*"] = environment["AWS_ENDPOINT_URL"]
    elif environment.get("LOCALSTACK_HOST"):
        endpoints["*"] = _localstack(environment)
    return endpoints


def _localstack(environment: Mapping[str, str]) -> str:
    """Return the URL that localstack-client derives from its variables."""
    host, _, port = environment["LOCALSTACK_HOST"].partition(":")
    scheme = "https" if environment.get("USE_SSL") in ("1", "true") else "http"
    return f"{scheme}://{host or 'localhost'}:{port or EDGE_PORT}"


def _given_keys(environment: Mapping[str, str]) -> Callable[[], Keys]:
    keys = Keys(
        access=environment.get("AWS_ACCESS_KEY_ID") or "test",
        secret=environment.get("AWS_SECRET_ACCESS_KEY") or "test",
        token=environment.get("AWS_SESSION_TOKEN", ""),
    )
    return lambda: keys


def _searched_keys() -> Callable[[], Keys]:
    """Use botocore's own search: profiles, container and instance roles, with renewal."""
    found: list[Any] = []

    def keys() -> Keys:
        # Botocore costs 85 ms to import; Lambda and the local cloud have their keys in the environment and go without.
        from botocore.session import get_session

        if not found:
            found.append(get_session().get_credentials())
        if found[0] is None:
            raise Unavailable("no AWS credentials are found")
        frozen = found[0].get_frozen_credentials()
        return Keys(access=frozen.access_key, secret=frozen.secret_key, token=frozen.token or "")

    return keys
