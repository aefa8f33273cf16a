"""Volumes of a fake cluster's pods, as folders of this machine."""

import base64
from pathlib import Path

from tests.fakes.kubernetes.store import Json, Place, Store


class MissingVolume(Exception):  # noqa: N818 - what is missing
    """A Secret or ConfigMap that a pod names is not there."""


def filled(store: Store, namespace: str, spec: Json, folder: Path) -> tuple[dict[str, Path], dict[str, dict[str, str]]]:
    """The folders of a pod's volumes, and the values of the Secrets that its variables name. Faults: MissingVolume."""
    volumes: dict[str, Path] = {}
    for volume in spec.get("volumes", ()):
        volumes[volume["name"]] = folder / volume["name"]
        volumes[volume["name"]].mkdir(parents=True, exist_ok=True)
        if "configMap" in volume:
            content = _object(store, namespace, "configmaps", volume["configMap"]["name"])["binaryData"]
            _write(volumes[volume["name"]], volume["configMap"]["items"], content)
        elif "secret" in volume:
            content = _object(store, namespace, "secrets", volume["secret"]["secretName"])["data"]
            items = volume["secret"].get("items") or [{"key": key, "path": key} for key in content]
            _write(volumes[volume["name"]], items, content)
    values = {
        name: dict(_object(store, namespace, "secrets", name)["data"])
        for container in spec["containers"]
        for one in container.get("env", ())
        if (name := ((one.get("valueFrom") or {}).get("secretKeyRef") or {}).get("name"))
    }
    return volumes, values


def _write(folder: Path, items: list[Json], content: Json) -> None:
    for item in items:
        (folder / item["path"]).write_bytes(base64.b64decode(content[item["key"]]))


def _object(store: Store, namespace: str, plural: str, name: str) -> Json:
    found = store.find(Place(plural=plural, namespace=namespace, name=name))
    if found is None:
        raise MissingVolume(f'{plural} "{name}" not found')
    return found
