"""Keys and access patterns of the table `inventory`.

| query | index | pk / hash | sk / range |
| --- | --- | --- | --- |
| a namespace | | namespace#<namespace> | namespace |
| all namespaces, by name | by_first | namespaces | <namespace> |
| the namespaces of a project, by name | by_second | namespaces#<project> | <namespace> |
| the public namespaces, by name | by_first | namespaces that are public | <namespace> |
| marker of a public namespace, with a copy of it | | namespace#<namespace> | public |
| an application: its latest version, how many releases | | application#<namespace>/<application> | application |
| the applications of a namespace, by name | by_first | applications#<namespace> | <application> |
| a release; by order of version | | application#<namespace>/<application> | release#<version's sort key> |
| all versions at once, 256 per item, as registered | | application#<namespace>/<application> | versions#<page> |
| the version of a tag | | application#<namespace>/<application> | tag#<tag> |
| a multipart upload | | application#<namespace>/<application> | upload#<version>#<upload> |
| download count of a package | | application#<namespace>/<application> | downloads#<version> |
| hooks of a namespace | | namespace#<namespace> | hooks |
| hooks of an application | | application#<namespace>/<application> | hooks |
| dependents of a release | | needs#<namespace>/<application> | <version>#<how>#<release id of the dependent> |
| applications that depend on one | | needs#<namespace>/<application> | by#<namespace>/<application> |
| either, written before a release with many links | | as above | as above, and the registration: early_links.py |
| mark that the early links of a release count | | application#<namespace>/<application> | links#<version> |
| providers of an interface | | offers#<interface> | <namespace>/<application> |
| search hits of a word | | word#<its first two letters> | <word>#<namespace>/<application>#<tag, or nothing> |

Latest is an attribute of the application, so that most queries for the next version read one item. Previous, and the
highest of a prefix, are one query of one item. The list of all versions is a few items however many there are: an item
per release would cost 1 KB of reading each, and clients of the inventory want the whole list.
"""

from chalicelib.kernel.releases.links import Edge, Offer
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.kernel.releases.search import Hit
from chalicelib.store.dynamo.expressions import Key
from slipway_formats.version import sort_key

INVENTORY = "inventory"
ALL_NAMESPACES = "namespaces"
PUBLIC_NAMESPACES = "namespaces that are public"
RELEASE_PREFIX = "release#"
TAG_PREFIX = "tag#"
VERSIONS_PREFIX = "versions#"
SUBSCRIBER_PREFIX = "by#"
VERSIONS_A_PAGE = 256
NEWEST_PAGES = 4


def namespace_key(namespace: str) -> Key:
    """Key of a namespace."""
    return Key(f"namespace#{namespace}", "namespace")


def public_key(namespace: str) -> Key:
    """Key of the marker item of a public namespace."""
    return Key(namespace_key(namespace).pk, "public")


def namespaces_hash(project: str) -> str:
    """Partition key in `by_second` of the namespaces of a project."""
    return f"namespaces#{project}"


def applications_hash(namespace: str) -> str:
    """Partition key in `by_first` of the applications of a namespace."""
    return f"applications#{namespace}"


def partition(namespace: str, application: str) -> str:
    """Partition key of an application and everything that belongs to it. Neither name may contain a slash."""
    return f"application#{namespace}/{application}"


def application_key(namespace: str, application: str) -> Key:
    """Key of an application."""
    return Key(partition(namespace, application), "application")


def release_key(key: ReleaseKey) -> Key:
    """Key of a release."""
    return Key(partition(key.namespace, key.application), release_place(key.version))


def release_place(version: str) -> str:
    """Sort key of a release: orders the releases of an application by version."""
    return f"{RELEASE_PREFIX}{sort_key(version)}"


def versions_key(namespace: str, application: str, page: int) -> Key:
    """Key of a page of versions. page: from 0."""
    return Key(partition(namespace, application), f"{VERSIONS_PREFIX}{page:06d}")


def newest_pages(count: int) -> range:
    """Return the pages of the versions that were registered last. count: of releases."""
    pages = -(-count // VERSIONS_A_PAGE)
    return range(max(0, pages - NEWEST_PAGES), pages)


def hooks_key(namespace: str, application: str) -> Key:
    """Key of hooks. application: empty for the namespace's own."""
    return Key(partition(namespace, application) if application else namespace_key(namespace).pk, "hooks")


def needs_hash(namespace: str, application: str) -> str:
    """Partition key of the dependents of an application."""
    return f"needs#{namespace}/{application}"


def edge_key(edge: Edge) -> Key:
    """Key of a dependency on a release."""
    up = edge.upstream
    return Key(needs_hash(up.namespace, up.application), f"{edges_prefix(up)}{edge.name}")


def edges_prefix(key: ReleaseKey) -> str:
    """Prefix of the sort keys of the dependents of a release."""
    return f"{key.version}#"


def subscriber_key(edge: Edge) -> Key:
    """Key of the marker that an application depends on another."""
    up, down = edge.upstream, edge.downstream
    return Key(needs_hash(up.namespace, up.application), f"{SUBSCRIBER_PREFIX}{down.namespace}/{down.application}")


def early_edge_key(edge: Edge, of: str) -> Key:
    """Key of a dependency that was written before its release. of: the registration."""
    key = edge_key(edge)
    return Key(key.pk, f"{key.sk}#{of}")


def early_subscriber_key(edge: Edge, of: str) -> Key:
    """Key of the marker of a subscriber that was written before its release. of: the registration."""
    key = subscriber_key(edge)
    return Key(key.pk, f"{key.sk}#{edge.downstream.version}#{of}")


def links_key(key: ReleaseKey) -> Key:
    """Key of the mark that the early links of a release count."""
    return Key(partition(key.namespace, key.application), f"links#{key.version}")


def offers_hash(interface: str) -> str:
    """Partition key of the providers of an interface."""
    return f"offers#{interface}"


def offer_key(offer: Offer) -> Key:
    """Key of an application's offer of an interface."""
    return Key(offers_hash(offer.interface), offer.name)


def words_hash(word: str) -> str:
    """Partition key of the search words with the same first two letters."""
    return f"word#{word[:2]}"


def hit_key(hit: Hit) -> Key:
    """Key of a search index entry."""
    return Key(words_hash(hit.word), f"{hit.word}#{hit.namespace}/{hit.application}#{hit.tag}")


def tag_key(namespace: str, application: str, tag: str) -> Key:
    """Key of a tag."""
    return Key(partition(namespace, application), f"{TAG_PREFIX}{tag}")


def upload_key(key: ReleaseKey, upload: str) -> Key:
    """Key of a multipart upload."""
    return Key(partition(key.namespace, key.application), f"upload#{key.version}#{upload}")


def downloads_key(key: ReleaseKey) -> Key:
    """Key of the download count of a release."""
    return Key(partition(key.namespace, key.application), f"downloads#{key.version}")
