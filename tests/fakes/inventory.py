"""The fake of the port Inventory, held to the same contract as the store by tests/store/test_inventory.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.release import Application, Namespace, Package, Release, ReleaseKey, Upload
from chalicelib.kernel.version import parse_query, previous, resolve, sort_key
from chalicelib.use_cases.ports_inventory import Standing

Place = tuple[str, str]


@dataclass
class FakeInventory:
    """Namespaces, applications, releases and tags in memory."""

    kept: dict[str, Namespace] = field(default_factory=dict)
    heads: dict[Place, Application] = field(default_factory=dict)
    releases: dict[ReleaseKey, Release] = field(default_factory=dict)
    tagged: dict[Place, dict[str, str]] = field(default_factory=dict)
    uploads: dict[tuple[ReleaseKey, str], Upload] = field(default_factory=dict)
    counts: dict[ReleaseKey, int] = field(default_factory=dict)

    def namespace(self, name: str) -> Namespace:
        """The namespace."""
        if name not in self.kept:
            raise NotFound(f"no namespace {name}")
        return self.kept[name]

    def project_of(self, namespace: str) -> str | None:
        """The project that owns the namespace."""
        return self.kept[namespace].project if namespace in self.kept else None

    def namespaces(self) -> Sequence[Namespace]:
        """All namespaces, by name."""
        return [self.kept[name] for name in sorted(self.kept)]

    def add_namespace(self, namespace: Namespace) -> None:
        """Store a new namespace."""
        if self.kept.setdefault(namespace.name, namespace) is not namespace:
            raise Conflict(f"namespace {namespace.name} exists already")

    def change_namespace(self, namespace: Namespace) -> None:
        """Replace a namespace; its project stays."""
        self.kept[namespace.name] = replace(namespace, project=self.namespace(namespace.name).project)

    def applications(self, namespace: str) -> Sequence[Application]:
        """The applications of a namespace, by name."""
        return [self.heads[place] for place in sorted(self.heads) if place[0] == namespace]

    def application(self, namespace: str, name: str) -> Application:
        """The application."""
        if (namespace, name) not in self.heads:
            raise NotFound(f"no application {name} in namespace {namespace}")
        return self.heads[namespace, name]

    def standing(self, namespace: str, application: str) -> Standing:
        """What is there before a registration."""
        head = self.heads.get((namespace, application))
        return Standing(
            project=self.project_of(namespace),
            latest=None if head is None else head.latest,
            count=len(self.versions(namespace, application)),
        )

    def register(self, release: Release, standing: Standing, owner: str) -> None:
        """Store a new release, or nothing."""
        key = release.key
        known = self.releases.get(key)
        if known is not None:
            if known.registration != release.registration or not release.registration:
                raise Conflict(f"release {key.application}-v{key.version} exists")
            return
        if standing != self.standing(key.namespace, key.application):
            raise Stale(f"application {key.application} has changed")
        self.kept.setdefault(key.namespace, Namespace(name=key.namespace, project=owner))
        self.releases[key] = release
        self.heads[key.namespace, key.application] = Application(
            namespace=key.namespace,
            name=key.application,
            description=release.metadata.description,
            logo=release.metadata.logo,
            latest=max((standing.latest or key.version, key.version), key=sort_key),
            by=release.by,
            at=release.at,
        )

    def release(self, key: ReleaseKey) -> Release:
        """The release."""
        if key not in self.releases:
            raise NotFound(f"no release {key.application}-v{key.version} in {key.namespace}")
        return self.releases[key]

    def resolve(self, namespace: str, application: str, query: str) -> str | None:
        """The version that a version query means."""
        return resolve(parse_query(query), self.versions(namespace, application), self.tags(namespace, application))

    def highest(self, namespace: str, application: str, prefix: str) -> str | None:
        """The highest version whose text begins so."""
        return next((one for one in self.versions(namespace, application) if one.startswith(prefix)), None)

    def previous(self, key: ReleaseKey) -> str | None:
        """The highest version below this one."""
        return previous(key.version, self.versions(key.namespace, key.application))

    def versions(self, namespace: str, application: str) -> Sequence[str]:
        """All versions, the highest first."""
        mine = (key.version for key in self.releases if (key.namespace, key.application) == (namespace, application))
        return sorted(mine, key=sort_key, reverse=True)

    def page_of_versions(self, namespace: str, application: str, size: int, below: str | None) -> Sequence[str]:
        """The highest versions, those below one where it is given."""
        all_of_them = self.versions(namespace, application)
        return [one for one in all_of_them if below is None or sort_key(one) < sort_key(below)][:size]

    def put_tag(self, key: ReleaseKey, tag: str, by: str) -> None:  # noqa: ARG002 - the port's shape
        """Have the tag name this release."""
        self.release(key)
        self.tagged.setdefault((key.namespace, key.application), {})[tag] = key.version

    def tags(self, namespace: str, application: str) -> Mapping[str, str]:
        """The version that each tag names."""
        return self.tagged.get((namespace, application), {})

    def attach(self, key: ReleaseKey, package: Package) -> None:
        """Record the finished package of a release, once."""
        known = self.release(key)
        if known.package not in (None, package):
            raise Conflict(f"release {key.application}-v{key.version} has a package already")
        self.releases[key] = replace(known, package=package)

    def keep_upload(self, upload: Upload) -> None:
        """Remember an upload in parts."""
        self.uploads[upload.release, upload.id] = upload

    def upload(self, key: ReleaseKey, upload_id: str) -> Upload:
        """An upload of this release that was begun."""
        if (key, upload_id) not in self.uploads:
            raise NotFound(f"no upload {upload_id[:100]}")
        return self.uploads[key, upload_id]

    def count_download(self, key: ReleaseKey) -> None:
        """Count one more download."""
        self.counts[key] = self.downloads(key) + 1

    def downloads(self, key: ReleaseKey) -> int:
        """How often the package was downloaded."""
        return self.counts.get(key, 0)
