"""Rows of namespaces, their applications and tags."""

from chalicelib.dialects.inventory import words as inventory_words
from chalicelib.dialects.inventory.dialect import INVENTORY
from chalicelib.dialects.inventory.namespaces import shapes, words
from chalicelib.dialects.inventory.shapes import NamespacesQuery, SliceQuery
from chalicelib.dialects.inventory.words import show_nothing
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, NAMESPACE_SEEN, NAMESPACE_WORK, NAMESPACE_WRITE
from chalicelib.use_cases.releases.namespaces import (
    create_namespace,
    get_application,
    get_namespace,
    list_applications,
    list_visible,
    update_namespace,
)
from chalicelib.use_cases.releases.tags import list_tags, tag_release
from chalicelib.use_cases.removal.namespace import remove_namespace

NAMESPACES = Group(INVENTORY, "Namespaces")
APPLICATIONS = Group(INVENTORY, "Applications")
INTERNAL = Group(INVENTORY, "Internal")
NAMESPACE = "/api/v1/inventory/{namespace}"
UNIT = f"{NAMESPACE}/units/{{name}}"


OPERATIONS = (
    NAMESPACES.operation(
        "GET /api/v1/inventory/",
        "The namespaces that the caller may read, by name.",
        AUTHENTICATED,
        Handling(words.read_all, list_visible, words.show_namespaces),
        schema=Schema(query=SliceQuery, answer=dict[str, shapes.InventoryNamespace]),
    ),
    NAMESPACES.operation(
        f"GET {NAMESPACE}/",
        "A namespace and its units.",
        NAMESPACE_SEEN,
        Handling(words.read_namespace, get_namespace, words.show_namespace),
        schema=Schema(answer=shapes.NamespacePayload),
    ),
    NAMESPACES.operation(
        f"PUT {NAMESPACE}/",
        "Say anew what a namespace is.",
        NAMESPACE_WRITE,
        Handling(words.read_change, update_namespace, inventory_words.show_nothing),
        schema=Schema(status=201, body=shapes.InventoryNamespaceBody),
    ),
    NAMESPACES.operation(
        f"POST {NAMESPACE}/add-namespace",
        "Make the namespace that the body names.",
        AUTHENTICATED,
        Handling(words.read_new, create_namespace, inventory_words.show_nothing),
        schema=Schema(body=shapes.AddNamespace),
    ),
    INTERNAL.operation(
        "POST /api/v1/internal/add-namespace",
        "Make a namespace.",
        AUTHENTICATED,
        Handling(words.read_new, create_namespace, inventory_words.show_nothing),
        schema=Schema(body=shapes.AddNamespace),
    ),
    INTERNAL.operation(
        "GET /api/v1/internal/get_namespaces_for_project",
        "The namespaces of `?namespaces=a,b` or of `?project=` that the caller may read, by name.",
        AUTHENTICATED,
        Handling(words.read_some, list_visible, words.show_namespaces),
        schema=Schema(query=NamespacesQuery, answer=dict[str, shapes.InventoryNamespace]),
    ),
    APPLICATIONS.operation(
        f"GET {NAMESPACE}/units/",
        "The units of a namespace, by name.",
        NAMESPACE_SEEN,
        Handling(words.read_units, list_applications, words.show_units),
        schema=Schema(query=SliceQuery, answer=dict[str, shapes.InventoryApplication]),
    ),
    APPLICATIONS.operation(
        f"GET {UNIT}/",
        "A unit and its versions.",
        NAMESPACE_SEEN,
        Handling(words.read_unit, get_application, words.show_unit),
        schema=Schema(answer=shapes.ApplicationPayload),
    ),
    APPLICATIONS.operation(
        f"POST {UNIT}/tags/",
        "Tag a release; a tag that is there moves.",
        NAMESPACE_WORK,
        Handling(words.read_tag, tag_release, inventory_words.show_nothing),
        schema=Schema(body=shapes.ReleaseTagRequest),
    ),
    APPLICATIONS.operation(
        f"GET {UNIT}/tags/",
        "The version that each tag names.",
        NAMESPACE_SEEN,
        Handling(words.read_tags, list_tags, words.show_tags),
        schema=Schema(query=SliceQuery, answer=dict[str, str]),
    ),
    NAMESPACES.operation(
        f"DELETE {NAMESPACE}/hard-delete",
        "Forget a namespace and all in it but the files of packages.",
        AUTHENTICATED,
        Handling(words.read_removal, remove_namespace, show_nothing),
    ),
)
