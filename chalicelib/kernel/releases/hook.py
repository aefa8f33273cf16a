"""Webhooks of namespaces and applications: configuration rules and signing.

Kinds, keys and error messages are Escape's; signatures follow Standard Webhooks.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from urllib.parse import urlsplit

from chalicelib.kernel.releases.check import refused
from slipway_formats.frozen import frozen
from slipway_formats.secret_address import shown

SLACK, EVENTS, BUILD = "slack", "events", "build"
URL, SECRET = "url", "secret"
WHOLE_URL = "whole_url"
"""Where hooks are kept: the reference of the whole address, of which `url` shows a part."""

REFERENCES = (SECRET, WHOLE_URL)
SECRET_MARK = "whsec_"  # noqa: S105 - how Standard Webhooks begin their secrets

NAMESPACE_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {SLACK: (URL, "username", "icon_emoji", SECRET), EVENTS: (URL, SECRET)}
)
"""The keys of each kind of hook of a namespace."""

UNIT_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType({**NAMESPACE_KINDS, BUILD: (URL, SECRET)})

Hooks = Mapping[str, Mapping[str, str]]
"""By kind, what is configured. The values of `secret` and `whole_url` are references where hooks are kept."""


@frozen
class Signed:
    """What a signature covers. at: seconds since 1970."""

    id: str
    at: int
    body: bytes


def check_hooks(hooks: Hooks, kinds: Mapping[str, tuple[str, ...]]) -> None:
    """Validate the configuration of hooks. Faults: Invalid, with Escape's messages where it has them."""
    for kind, settings in sorted(hooks.items()):
        if kind not in kinds:
            raise refused(f"Unknown hook type '{kind}'")
        for key in sorted(settings):
            if key not in kinds[kind]:
                gap = "  " if kind == SLACK else " "
                raise refused(f"Unknown{gap}hook configuration key '{key}'")
        _check_url(settings.get(URL, ""))
        if settings.get(SECRET) and not signing_key(settings[SECRET]):
            raise refused(f"Invalid secret of hook '{kind}': after '{SECRET_MARK}' base64 is expected")


def without_secrets(hooks: Hooks) -> Hooks:
    """A copy of the hooks without their secrets, for display."""
    return {
        kind: {key: _shown(key, value) for key, value in settings.items() if key not in REFERENCES}
        for kind, settings in hooks.items()
    }


def _shown(key: str, value: str) -> str:
    """What is shown of a setting: of an address, also one that was kept whole before, what is not secret."""
    return shown(value, is_called=True) if key == URL else value


def secrets_of(hooks: Hooks) -> frozenset[str]:
    """The secret references in stored hooks."""
    return frozenset(settings[key] for settings in hooks.values() for key in REFERENCES if key in settings)


def signature(secret: str, signed: Signed) -> str:
    """Sign a call as Standard Webhooks specify."""
    content = f"{signed.id}.{signed.at}.".encode() + signed.body
    digest = hmac.new(signing_key(secret), content, sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def signed_headers(signed: Signed, secret: str, media: str) -> dict[str, str]:
    """Return the headers of a call as Standard Webhooks specify. secret: empty for a call without signature."""
    headers = {
        "content-type": media,
        "idempotency-key": signed.id,
        "webhook-id": signed.id,
        "webhook-timestamp": str(signed.at),
    }
    return {**headers, "webhook-signature": signature(secret, signed)} if secret else headers


def _check_url(url: str) -> None:
    if url and not is_callable_url(url):
        raise refused(f"Invalid hook url '{url[:200]}'")


def is_callable_url(url: str) -> bool:
    """Return whether a URL has the form of one that can be called. Whom it may reach: gateways/outside.py."""
    try:
        parts = urlsplit(url)
        is_sound = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
        is_sound = is_sound and (parts.port is None or parts.port > 0) and url.isascii() and url.isprintable()
    except ValueError:
        is_sound = False
    return is_sound and " " not in url


def signing_key(secret: str) -> bytes:
    """The signing key; empty for a secret without content or with invalid base64, which anybody could forge."""
    if not secret.startswith(SECRET_MARK):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(SECRET_MARK), validate=True)
    except (binascii.Error, ValueError):
        return b""
