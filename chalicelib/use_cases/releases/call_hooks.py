"""Outgoing hooks for an uploaded package: which hooks are called, with what payload, and the HTTP call.

Called are the hooks of the namespace, of the application, and of the applications that depend on it; of another
project's only if the namespace is public, and then without hook addresses in the payload.
"""

from collections.abc import Iterator, Sequence

from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.releases.delivery import HookCall, PendingDelivery, UploadNotice, pending_call
from chalicelib.kernel.releases.hook import SECRET, URL, WHOLE_URL, Hooks, Signed, signed_headers, without_secrets
from chalicelib.kernel.releases.hook_payload import HookPayload, request_body
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.ports.releases import Unit
from chalicelib.use_cases.secret_calls import Address, post_to
from slipway_formats.frozen import frozen

JSON_MEDIA = "application/json"


@frozen
class Listener:
    """A namespace or application whose hooks are called. is_at_home: it belongs to the project of the release."""

    unit: Unit
    hooks: Hooks
    project: str
    is_at_home: bool = True


def calls_after(ports: Ports, delivery: PendingDelivery, notice: UploadNotice) -> tuple[PendingDelivery, ...]:
    """Return the calls that follow from an upload notice: one for each hook with a URL.

    None if its namespace is gone.
    """
    key = notice.release
    if ports.namespaces.project_of(key.namespace, key.application) != notice.project:
        return ()
    own = (_listener(ports, (key.namespace, ""), notice), _listener(ports, (key.namespace, key.application), notice))
    dependents = tuple(_downstream(ports, notice))
    full = _payload(notice, [one.hooks for one in own], [one.hooks for one in dependents if one.is_at_home])
    foreign = _payload(notice, ({}, {}), ())
    now = ports.clock.now()
    return tuple(
        pending_call(delivery, _call(one, kind, request_body(full if one.is_at_home else foreign, kind, settings)), now)
        for one in (*own, *dependents)
        for kind, settings in one.hooks.items()
        if settings.get(URL)
    )


def call_hook(ports: Ports, delivery: PendingDelivery, call: HookCall) -> Called | None:
    """Call the hook as it is configured now and return the answer; return None if it is not configured any more.

    Faults: NotFound, if its secret was just changed; Unavailable, if too many calls are open.
    """
    settings = ports.hooks.hooks((call.namespace, call.application)).get(call.kind, {})
    if not settings.get(URL):
        return None
    body = call.body.encode()
    signed = Signed(id=f"msg_{delivery.id}", at=int(ports.clock.now().timestamp()), body=body)
    headers = signed_headers(signed, ports.secrets.get(settings[SECRET]) if SECRET in settings else "", JSON_MEDIA)
    address = Address(url=settings[URL], secret=settings.get(WHOLE_URL, ""), project=call.project)
    return post_to(ports, address, headers, body)


def _listener(ports: Ports, unit: Unit, notice: UploadNotice) -> Listener:
    return Listener(unit=unit, hooks=without_secrets(ports.hooks.hooks(unit)), project=notice.project)


def _downstream(ports: Ports, notice: UploadNotice) -> Iterator[Listener]:
    """Yield the dependent applications that may be notified.

    One that depends on itself is notified once, as its own.
    """
    key = notice.release
    units = [unit for unit in ports.links.subscribers(key.namespace, key.application) if unit != _unit(key)]
    namespaces = ports.namespaces.named(list(dict.fromkeys(unit[0] for unit in units)))
    owners = {namespace.name: namespace.project for namespace in namespaces}
    is_public = _is_public(ports, key.namespace)
    for unit in units:
        project = ports.namespaces.project_of(*unit) if unit[0] == DEFAULT_NAMESPACE else owners.get(unit[0])
        if project == notice.project or (is_public and project is not None):
            hooks = without_secrets(ports.hooks.hooks(unit))
            yield Listener(unit=unit, hooks=hooks, project=project, is_at_home=project == notice.project)


def _is_public(ports: Ports, namespace: str) -> bool:
    found = ports.namespaces.find_namespace(namespace)
    return found is not None and found.is_public


def _payload(notice: UploadNotice, own: Sequence[Hooks], downstream: Sequence[Hooks]) -> HookPayload:
    namespace, unit = own
    listed = [hooks for hooks in downstream if hooks]
    return HookPayload(release=notice.release, by=notice.by, namespace=namespace, application=unit, downstream=listed)


def _call(listener: Listener, kind: str, body: str) -> HookCall:
    namespace, application = listener.unit
    return HookCall(namespace=namespace, application=application, kind=kind, body=body, project=listener.project)


def _unit(key: ReleaseKey) -> Unit:
    return key.namespace, key.application
