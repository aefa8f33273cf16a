"""Rows of namespaces, their applications and tags."""

from chalicelib.dialects.inventory import words as inventory_words
from chalicelib.dialects.inventory.dialect import INVENTORY
from chalicelib.dialects.inventory.namespaces import shapes, words
from chalicelib.dialects.inventory.shapes import NamespacesQuery, SliceQuery
from chalicelib.dialects.inventory.words import show_nothing
from chalicelib.http.operation import About, operation
from chalicelib.http.permission import AUTHENTICATED, NAMESPACE_SEEN, NAMESPACE_WRITE
from chalicelib.use_cases.releases.namespaces import (
    change_namespace,
    list_seen,
    list_units,
    make_namespace,
    see_namespace,
    see_unit,
)
from chalicelib.use_cases.releases.tags import list_tags, tag_release
from chalicelib.use_cases.removal.namespace import remove_namespace

NAMESPACES = "Namespaces"
APPLICATIONS = "Applications"
INTERNAL = "Internal"
NAMESPACE = "/api/v1/inventory/{namespace}"
UNIT = f"{NAMESPACE}/units/{{name}}"


OPERATIONS = (
    operation(
        INVENTORY,
        "GET /api/v1/inventory/",
        read=words.read_all,
        verb=list_seen,
        show=words.show_namespaces,
        permission=AUTHENTICATED,
        about=About(
            group=NAMESPACES,
            summary="The namespaces that the caller may read, by name.",
            query=SliceQuery,
            answer=dict[str, shapes.InventoryNamespace],
        ),
    ),
    operation(
        INVENTORY,
        f"GET {NAMESPACE}/",
        read=words.read_namespace,
        verb=see_namespace,
        show=words.show_namespace,
        permission=NAMESPACE_SEEN,
        about=About(group=NAMESPACES, summary="A namespace and its units.", answer=shapes.NamespacePayload),
    ),
    operation(
        INVENTORY,
        f"PUT {NAMESPACE}/",
        read=words.read_change,
        verb=change_namespace,
        show=inventory_words.show_nothing,
        permission=NAMESPACE_WRITE,
        about=About(
            group=NAMESPACES, summary="Say anew what a namespace is.", status=201, body=shapes.InventoryNamespaceBody
        ),
    ),
    operation(
        INVENTORY,
        f"POST {NAMESPACE}/add-namespace",
        read=words.read_new,
        verb=make_namespace,
        show=inventory_words.show_nothing,
        permission=AUTHENTICATED,
        about=About(group=NAMESPACES, summary="Make the namespace that the body names.", body=shapes.AddNamespace),
    ),
    operation(
        INVENTORY,
        "POST /api/v1/internal/add-namespace",
        read=words.read_new,
        verb=make_namespace,
        show=inventory_words.show_nothing,
        permission=AUTHENTICATED,
        about=About(group=INTERNAL, summary="Make a namespace.", body=shapes.AddNamespace),
    ),
    operation(
        INVENTORY,
        "GET /api/v1/internal/get_namespaces_for_project",
        read=words.read_some,
        verb=list_seen,
        show=words.show_namespaces,
        permission=AUTHENTICATED,
        about=About(
            group=INTERNAL,
            summary="The namespaces of `?namespaces=a,b` or of `?project=` that the caller may read, by name.",
            query=NamespacesQuery,
            answer=dict[str, shapes.InventoryNamespace],
        ),
    ),
    operation(
        INVENTORY,
        f"GET {NAMESPACE}/units/",
        read=words.read_units,
        verb=list_units,
        show=words.show_units,
        permission=NAMESPACE_SEEN,
        about=About(
            group=APPLICATIONS,
            summary="The units of a namespace, by name.",
            query=SliceQuery,
            answer=dict[str, shapes.InventoryApplication],
        ),
    ),
    operation(
        INVENTORY,
        f"GET {UNIT}/",
        read=words.read_unit,
        verb=see_unit,
        show=words.show_unit,
        permission=NAMESPACE_SEEN,
        about=About(group=APPLICATIONS, summary="A unit and its versions.", answer=shapes.ApplicationPayload),
    ),
    operation(
        INVENTORY,
        f"POST {UNIT}/tags/",
        read=words.read_tag,
        verb=tag_release,
        show=inventory_words.show_nothing,
        permission=NAMESPACE_WRITE,
        about=About(
            group=APPLICATIONS,
            summary="Tag a release; a tag that is there moves.",
            body=shapes.ReleaseTagRequest,
        ),
    ),
    operation(
        INVENTORY,
        f"GET {UNIT}/tags/",
        read=words.read_tags,
        verb=list_tags,
        show=words.show_tags,
        permission=NAMESPACE_SEEN,
        about=About(
            group=APPLICATIONS, summary="The version that each tag names.", query=SliceQuery, answer=dict[str, str]
        ),
    ),
    operation(
        INVENTORY,
        f"DELETE {NAMESPACE}/hard-delete",
        read=words.read_removal,
        verb=remove_namespace,
        show=show_nothing,
        permission=AUTHENTICATED,
        about=About(group=NAMESPACES, summary="Forget a namespace and all in it but the files of packages."),
    ),
)
