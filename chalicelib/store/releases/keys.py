"""Keys of the table `inventory`, and what is found by them.

| what is asked | index | pk / hash | sk / range |
| --- | --- | --- | --- |
| a namespace | | namespace#<namespace> | namespace |
| all namespaces, by name | by_first | namespaces | <namespace> |
| the namespaces of a project, by name | by_second | namespaces#<project> | <namespace> |
| the public namespaces, by name | by_first | namespaces that are public | <namespace> |
| that a namespace is public, and it again | | namespace#<namespace> | public |
| an application: its latest version, how many releases | | application#<namespace>/<application> | application |
| the applications of a namespace, by name | by_first | applications#<namespace> | <application> |
| a release; by order of version | | application#<namespace>/<application> | release#<version's sort key> |
| all versions at once, 256 an item, in order of asking | | application#<namespace>/<application> | versions#<page> |
| what a tag names | | application#<namespace>/<application> | tag#<tag> |
| an upload in parts | | application#<namespace>/<application> | upload#<version>#<upload> |
| how often a package was downloaded | | application#<namespace>/<application> | downloads#<version> |
| hooks of a namespace | | namespace#<namespace> | hooks |
| hooks of an application | | application#<namespace>/<application> | hooks |
| what needs a release | | needs#<namespace>/<application> | <version>#<how>#<release id of who needs it> |
| the applications that need one | | needs#<namespace>/<application> | by#<namespace>/<application> |
| who offers an interface | | offers#<interface> | <namespace>/<application> |
| what a word speaks of | | word#<its first two letters> | <word>#<namespace>/<application>#<tag, or nothing> |

Latest is an attribute of the application, so that most questions for the next version read one item. Previous, and the
highest of a prefix, are one query of one item. The list of all versions is a few items however many there are: an item
a release would be read 1 KB at a time, and clients of the inventory want the list whole.
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
SUBSCRIBER_PREFIX = "by#"
VERSIONS_A_PAGE = 256


def namespace_key(namespace: str) -> Key:
    """Of a namespace."""
    return Key(f"namespace#{namespace}", "namespace")


def public_key(namespace: str) -> Key:
    """Of that a namespace is public."""
    return Key(namespace_key(namespace).pk, "public")


def namespaces_hash(project: str) -> str:
    """Under which the namespaces of a project are found."""
    return f"namespaces#{project}"


def applications_hash(namespace: str) -> str:
    """Under which the applications of a namespace are found."""
    return f"applications#{namespace}"


def partition(namespace: str, application: str) -> str:
    """Of an application and all that belongs to it. Neither name may hold a slash."""
    return f"application#{namespace}/{application}"


def application_key(namespace: str, application: str) -> Key:
    """Of an application."""
    return Key(partition(namespace, application), "application")


def release_key(key: ReleaseKey) -> Key:
    """Of a release."""
    return Key(partition(key.namespace, key.application), release_place(key.version))


def release_place(version: str) -> str:
    """Where a version stands among the releases of its application."""
    return f"{RELEASE_PREFIX}{sort_key(version)}"


def versions_key(namespace: str, application: str, page: int) -> Key:
    """Of a page of versions. page: from 0."""
    return Key(partition(namespace, application), f"versions#{page:06d}")


def hooks_key(namespace: str, application: str) -> Key:
    """Of hooks. application: empty for the namespace's own."""
    return Key(partition(namespace, application) if application else namespace_key(namespace).pk, "hooks")


def needs_hash(namespace: str, application: str) -> str:
    """Under which stands who needs the application."""
    return f"needs#{namespace}/{application}"


def edge_key(edge: Edge) -> Key:
    """Of what needs a release."""
    up = edge.upstream
    return Key(needs_hash(up.namespace, up.application), f"{edges_prefix(up)}{edge.name}")


def edges_prefix(key: ReleaseKey) -> str:
    """With which the sort keys of what needs a release begin."""
    return f"{key.version}#"


def subscriber_key(edge: Edge) -> Key:
    """Of that an application needs another."""
    up, down = edge.upstream, edge.downstream
    return Key(needs_hash(up.namespace, up.application), f"{SUBSCRIBER_PREFIX}{down.namespace}/{down.application}")


def offers_hash(interface: str) -> str:
    """Under which stands who offers an interface."""
    return f"offers#{interface}"


def offer_key(offer: Offer) -> Key:
    """Of that an application offers an interface."""
    return Key(offers_hash(offer.interface), offer.name)


def words_hash(word: str) -> str:
    """Under which stand all words that begin as this one."""
    return f"word#{word[:2]}"


def hit_key(hit: Hit) -> Key:
    """Of what a word speaks of."""
    return Key(words_hash(hit.word), f"{hit.word}#{hit.namespace}/{hit.application}#{hit.tag}")


def tag_key(namespace: str, application: str, tag: str) -> Key:
    """Of a tag."""
    return Key(partition(namespace, application), f"{TAG_PREFIX}{tag}")


def upload_key(key: ReleaseKey, upload: str) -> Key:
    """Of an upload in parts."""
    return Key(partition(key.namespace, key.application), f"upload#{key.version}#{upload}")


def downloads_key(key: ReleaseKey) -> Key:
    """Of the number of downloads of a release."""
    return Key(partition(key.namespace, key.application), f"downloads#{key.version}")
