"""A YAML loader that reads what the safe one does, and refuses a key that is given twice."""

from __future__ import annotations

import yaml


class StrictLoader(yaml.SafeLoader):
    """Builds plain values."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:  # noqa: FBT001, FBT002 - yaml's signature
        """Build a mapping. Faults: ConstructorError for a key that is given twice; one that is merged in may be."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"key {key.value!r} is given twice", key.start_mark
                    )
                seen.add(key.value)
        found: dict[object, object] = super().construct_mapping(node, deep)
        if len(found) < len(seen):
            # Python takes 1 and true for one.
            raise yaml.constructor.ConstructorError(None, None, "two keys are one", node.start_mark)
        return found
