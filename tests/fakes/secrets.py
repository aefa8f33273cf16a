"""Secrets in memory."""

from dataclasses import dataclass, field

from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.ports.access import Secrets


@dataclass
class FakeSecrets(Secrets):
    """Secrets in memory."""

    kept: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: str) -> str:
        self.kept[f"fake:{name}"] = value
        return f"fake:{name}"

    def get(self, reference: str) -> str:
        if reference not in self.kept:
            raise NotFound(f"no secret {reference}")
        return self.kept[reference]

    def delete(self, reference: str) -> None:
        self.kept.pop(reference, None)
