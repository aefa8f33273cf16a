"""Calls of the API server, by the official client: its configuration, login and transport.

Objects are JSON as they are sent: what is made is checked against the schemas of Kubernetes in tests, and what a server
of another version adds is no error. Every call is tried again, for each may be repeated: names are ours, and say for
which start they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import urllib3
from kubernetes import client, config
from kubernetes.watch.watch import iter_resp_lines

from slipway.runner.cluster_settings import ClusterSettings
from slipway.runner.executors.kubernetes.objects.json_object import Json, Kind

MANAGER = "slipway"
_PAGE = 500
_TO_CONNECT = 5.0
TIMEOUT = 30.0
"""Seconds for which nothing may be heard of an answer."""

_TRIED_AGAIN = (429, 500, 502, 503, 504)
_APPLY, _MERGE = "application/apply-patch+yaml", "application/merge-patch+json"
_LONGEST = 600


class ClusterError(OSError):
    """The API server refuses a call, or cannot be reached. status: 0 if there is no answer. reason: in its words."""

    def __init__(self, status: int, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.status, self.reason = status, reason

    @property
    def is_refusal(self) -> bool:
        """Whether the call is refused for what it asks for: by rights, quota, admission or form."""
        return self.status in {400, 403, 413, 422}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """A call. query: pairs."""

    method: str
    path: str
    body: Json | None = None
    query: Sequence[tuple[str, str]] = ()
    content_type: str = "application/json"


class Stream:
    """Lines that come as they are said, until `close`, which another thread may call. Faults: ClusterError."""

    def __init__(self, response: urllib3.HTTPResponse) -> None:
        self._response = response

    def __iter__(self) -> Iterator[str]:
        try:
            yield from iter_resp_lines(self._response)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise ClusterError(0, f"the cluster broke off: {error}") from error
        finally:
            self._response.close()
            self._response.release_conn()

    def close(self) -> None:
        """End it: who reads has no more lines."""
        try:
            self._response.shutdown()
        except (RuntimeError, ValueError, OSError):
            # It has ended by itself.
            self._response.close()


class Cluster:
    """The API server. timeout: seconds for an answer. All calls: Faults: ClusterError."""

    def __init__(self, api: Any, timeout: float = TIMEOUT) -> None:  # noqa: ANN401 - typed only where it is installed
        self._api, self._timeout = api, (_TO_CONNECT, timeout)

    def get(self, kind: Kind, namespace: str, name: str) -> Json | None:
        """Return an object; None if there is none."""
        try:
            return self._json(_Request(method="GET", path=kind.path(namespace, name)))
        except ClusterError as error:
            if error.status == 404:
                return None
            raise

    def create(self, kind: Kind, namespace: str, body: Json) -> Json | None:
        """Create an object and return it; None if there is one of the name."""
        try:
            return self._json(_Request(method="POST", path=kind.path(namespace), body=body))
        except ClusterError as error:
            if (error.status, error.reason) == (409, "AlreadyExists"):
                return None
            raise

    def apply(self, kind: Kind, namespace: str, body: Json) -> Json:
        """Let an object be as the body says, whether it is there or not."""
        path = kind.path(namespace, body["metadata"]["name"])
        query = (("fieldManager", MANAGER), ("force", "true"))
        return self._json(_Request(method="PATCH", path=path, body=body, query=query, content_type=_APPLY))

    def merge(self, kind: Kind, namespace: str, name: str, part: Json) -> Json:
        """Change a part of an object."""
        path = kind.path(namespace, name)
        return self._json(_Request(method="PATCH", path=path, body=part, content_type=_MERGE))

    def delete(self, kind: Kind, namespace: str, name: str, uid: str = "") -> None:
        """Let an object go once all that it owns has gone; nothing happens where it is gone. uid: only this one."""
        body: Json = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Foreground"}
        only = {"preconditions": {"uid": uid}} if uid else {}
        try:
            self._json(_Request(method="DELETE", path=kind.path(namespace, name), body={**body, **only}))
        except ClusterError as error:
            if error.status not in {404, 409}:
                raise

    def listed(self, kind: Kind, namespace: str = "", **query: str) -> tuple[list[Json], str]:
        """Return all objects that a query selects, page by page, and the version of the list."""
        found: list[Json] = []
        token = ""
        while True:
            pairs = [*query.items(), ("limit", str(_PAGE)), *([("continue", token)] if token else [])]
            try:
                page = self._json(_Request(method="GET", path=kind.path(namespace), query=pairs))
            except ClusterError as error:
                if error.status != 410 or not token:
                    raise
                # The list was too old to go on with: it begins anew.
                found, token = [], ""
                continue
            # Items of a list do not say what they are.
            found += [{**item, "apiVersion": kind.api, "kind": kind.name} for item in page.get("items") or ()]
            token = page["metadata"].get("continue") or ""
            if not token:
                return found, str(page["metadata"].get("resourceVersion", ""))

    def stream(self, path: str, query: Mapping[str, str], quiet: float) -> Stream:
        """Return what a path says, line by line. quiet: seconds of silence after which it counts as broken off."""
        response = self._call(_Request(method="GET", path=path, query=(*query.items(),)), (_TO_CONNECT, quiet))
        return Stream(response.response)

    def close(self) -> None:
        """Close all connections."""
        self._api.close()

    def _json(self, request: _Request) -> Json:
        response = self._call(request, self._timeout)
        try:
            said = json.loads(response.read())
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise ClusterError(0, f"the cluster's answer cannot be read: {error}") from error
        return said if isinstance(said, dict) else {}

    def _call(self, request: _Request, timeout: tuple[float, float]) -> Any:  # noqa: ANN401 - the client's response
        headers = {"Accept": "application/json"}
        if request.body is not None:
            headers["Content-Type"] = request.content_type
        try:
            prepared = self._api.param_serialize(
                method=request.method, resource_path=request.path, query_params=[*request.query],
                header_params=headers, body=request.body, auth_settings=["BearerToken"],
            )  # fmt: skip
            response = self._api.call_api(*prepared, _request_timeout=timeout)
        except (urllib3.exceptions.HTTPError, client.ApiException, OSError) as error:
            raise ClusterError(0, f"the cluster cannot be reached: {error}"[:_LONGEST]) from error
        if not 200 <= response.status < 300:
            raise _refusal(response)
        return response


def connect(settings: ClusterSettings, timeout: float = TIMEOUT) -> Cluster:
    """Return the cluster of the settings. timeout: seconds. Faults: ClusterError if they lead nowhere."""
    known = client.Configuration()
    try:
        if settings.is_in_cluster:
            config.load_incluster_config(client_configuration=known)
        else:
            config.load_kube_config(settings.kubeconfig, settings.context or None, known)
    except config.ConfigException as error:
        raise ClusterError(0, f"the cluster is not known: {error}") from error
    # Each watch and each log that is followed has a connection.
    known.connection_pool_maxsize = 64
    known.retries = urllib3.Retry(
        total=6, backoff_factor=0.1, backoff_max=5.0, status_forcelist=_TRIED_AGAIN, allowed_methods=None,
        respect_retry_after_header=True, retry_after_max=30, raise_on_status=False,
    )  # fmt: skip
    return Cluster(client.ApiClient(known), timeout)


def _refusal(response: Any) -> ClusterError:  # noqa: ANN401 - the client's response
    """Return what the API server says of a call that it refuses."""
    try:
        said = json.loads(response.read())
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        said = {}
    known = said if isinstance(said, dict) else {}
    message = str(known.get("message") or f"the cluster answers {response.status}")
    return ClusterError(int(response.status), message[:_LONGEST], str(known.get("reason", "")))
