"""Shapes of namespaces and applications, for OpenAPI only: go_json/fields.py reads the bodies, as Go would."""

from typing import Literal

from chalicelib.http.shape import LenientShape


class InventoryNamespaceBody(LenientShape):
    """What may be said of a namespace. name: as in the address."""

    name: str
    description: str = ""
    org_url: str = ""
    logo: str = ""
    is_public: bool = False


class AddNamespace(InventoryNamespaceBody):
    """A namespace to be made. project: that is to own it."""

    project: str = ""


class InventoryNamespace(LenientShape):
    """A namespace. permission: of the caller."""

    name: str
    description: str
    org_url: str
    logo: str
    permission: Literal["read", "write", "owner", "admin"]
    is_public: bool


class InventoryApplication(LenientShape):
    """An application. project: its namespace. latest_version: the highest."""

    name: str
    project: str
    description: str
    latest_version: str
    logo: str
    uploaded_by: str
    uploaded_at: str
    hooks: dict[str, dict[str, str]] | None


class NamespacePayload(InventoryNamespace):
    """A namespace and its applications."""

    units: dict[str, InventoryApplication]


class ApplicationPayload(InventoryApplication):
    """An application and its versions, the highest first."""

    versions: list[str]


class ReleaseTagRequest(LenientShape):
    """What to tag. release_id: in full, also with a query in it."""

    release_id: str
    tag: str
