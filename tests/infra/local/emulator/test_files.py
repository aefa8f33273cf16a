"""Files of S3 are noted when they are written and when they are removed, so that both are synced."""

from types import ModuleType, SimpleNamespace
from typing import cast

from infra.local.emulator import pinned


def test_each_file_that_is_written_or_removed_is_noted() -> None:
    done: list[str] = []
    s3 = SimpleNamespace(
        _atomic_write=lambda path, content, text: done.append(f"write {path} {content} {text}"),
        _remove_key_files=lambda path: done.append(f"remove {path}"),
    )
    pinned.follow_files(cast(ModuleType, s3), lambda path: done.append(f"note {path}"))

    s3._atomic_write("a", b"1")
    s3._atomic_write("a.meta.json", "{}", text=True)
    s3._remove_key_files("a")
    s3._remove_key_files(None)

    assert done == [
        "write a b'1' False",
        "note a",
        "write a.meta.json {} True",
        "note a.meta.json",
        "remove a",
        "note a",
        "remove None",
    ]
