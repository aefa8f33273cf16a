"""Telling hooks that a release has got its package: whose hooks hear of it, what each is told, and the call itself.

Heard are the hooks of the namespace, of the application, and of those applications whose releases need it: of another
project these only where the namespace is public, and then without anybody's addresses.
"""

from collections.abc import Iterator, Mapping, Sequence

from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.delivery import HookCall, PendingDelivery, UploadNotice, pending_call
from chalicelib.kernel.releases.hook import SECRET, URL, Hooks, Signed, signature, without_secrets
from chalicelib.kernel.releases.hook_payload import HookPayload, request_body
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.ports.releases import Unit

JSON_MEDIA = "application/json"


@frozen
class Listener:
    """Whose hooks are to be called. is_at_home: whether it belongs to the project of what it hears of."""

    unit: Unit
    hooks: Hooks
    project: str
    is_at_home: bool = True


def calls_after(ports: Ports, owed: PendingDelivery, notice: UploadNotice) -> tuple[PendingDelivery, ...]:
    """The calls that an upload's notice leads to: one of each hook with an address. None when its namespace is gone."""
    key = notice.release
    if ports.namespaces.project_of(key.namespace) != notice.project:
        return ()
    own = (_listener(ports, (key.namespace, ""), notice), _listener(ports, (key.namespace, key.application), notice))
    around = tuple(_downstream(ports, notice))
    home = _news(notice, [one.hooks for one in own], [one.hooks for one in around if one.is_at_home])
    abroad = _news(notice, ({}, {}), ())
    now = ports.clock.now()
    return tuple(
        pending_call(owed, _call(one, kind, request_body(home if one.is_at_home else abroad, kind, settings)), now)
        for one in (*own, *around)
        for kind, settings in one.hooks.items()
        if settings.get(URL)
    )


def call_hook(ports: Ports, owed: PendingDelivery, call: HookCall) -> Called | None:
    """What the hook's address answered, as the hook is configured now; nothing when it no longer is.

    Faults: NotFound, when its secret was just changed; Unavailable, when too many calls are open.
    """
    settings = ports.hooks.hooks((call.namespace, call.application)).get(call.kind, {})
    if not settings.get(URL):
        return None
    body = call.body.encode()
    signed = Signed(id=f"msg_{owed.id}", at=int(ports.clock.now().timestamp()), body=body)
    headers = {
        "content-type": JSON_MEDIA,
        "idempotency-key": signed.id,
        "webhook-id": signed.id,
        "webhook-timestamp": str(signed.at),
        **_signature(ports, settings, signed),
    }
    return ports.outside.post(settings[URL], headers, body, project=call.project)


def _signature(ports: Ports, settings: Mapping[str, str], signed: Signed) -> Mapping[str, str]:
    if SECRET not in settings:
        return {}
    return {"webhook-signature": signature(ports.secrets.get(settings[SECRET]), signed)}


def _listener(ports: Ports, unit: Unit, notice: UploadNotice) -> Listener:
    return Listener(unit=unit, hooks=without_secrets(ports.hooks.hooks(unit)), project=notice.project)


def _downstream(ports: Ports, notice: UploadNotice) -> Iterator[Listener]:
    """Who needs the application and may know of it. An application that needs itself hears once, as its own."""
    key = notice.release
    units = [unit for unit in ports.links.subscribers(key.namespace, key.application) if unit != _unit(key)]
    around = ports.namespaces.named(list(dict.fromkeys(unit[0] for unit in units)))
    owners = {namespace.name: namespace.project for namespace in around}
    is_public = _is_public(ports, key.namespace)
    for unit in units:
        project = owners.get(unit[0])
        if project == notice.project or (is_public and project is not None):
            hooks = without_secrets(ports.hooks.hooks(unit))
            yield Listener(unit=unit, hooks=hooks, project=project, is_at_home=project == notice.project)


def _is_public(ports: Ports, namespace: str) -> bool:
    found = ports.namespaces.find_namespace(namespace)
    return found is not None and found.is_public


def _news(notice: UploadNotice, own: Sequence[Hooks], downstream: Sequence[Hooks]) -> HookPayload:
    namespace, unit = own
    listed = [hooks for hooks in downstream if hooks]
    return HookPayload(release=notice.release, by=notice.by, namespace=namespace, application=unit, downstream=listed)


def _call(listener: Listener, kind: str, body: str) -> HookCall:
    namespace, application = listener.unit
    return HookCall(namespace=namespace, application=application, kind=kind, body=body, project=listener.project)


def _unit(key: ReleaseKey) -> Unit:
    return key.namespace, key.application
