"""The fake of the port Archives, held to the same contract as the store by tests/store/runs/test_archives.py."""

from dataclasses import dataclass, field

from chalicelib.kernel.engine.refold import RunArchive, differences
from chalicelib.use_cases.ports.archives import Archives


@dataclass
class FakeArchives(Archives):
    """Archives in memory. So every run that ends in a test is folded again, and the same has to come out."""

    kept: dict[str, RunArchive] = field(default_factory=dict)

    def keep(self, archive: RunArchive) -> None:
        assert differences(archive) == (), f"run {archive.result.id} comes out otherwise"
        self.kept[archive.result.id] = archive

    def find(self, run_id: str) -> RunArchive | None:
        return self.kept.get(run_id)

    def forget(self, run_id: str) -> None:
        self.kept.pop(run_id, None)
