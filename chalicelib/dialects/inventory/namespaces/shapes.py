"""Shapes of namespaces and applications, for OpenAPI only: go_json/fields.py reads the bodies, as Go would."""

from typing import Literal

from chalicelib.http.shape import LenientShape


class InventoryNamespaceBody(LenientShape):
    """Settings of a namespace. name: as in the path."""

    name: str
    description: str = ""
    org_url: str = ""
    logo: str = ""
    is_public: bool = False


class AddNamespace(InventoryNamespaceBody):
    """A new namespace. project: its owner."""

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
    """A tag to set. release_id: `namespace/application-v1.2`; the version may be a query."""

    release_id: str
    tag: str
