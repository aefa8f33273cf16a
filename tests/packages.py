"""Packages for tests: what stands in them besides their metadata does not matter."""

import gzip
import io
import json
import tarfile


def a_package_file(name: str = "app", version: str = "1.0", content: bytes = b"x", **more: object) -> bytes:
    """A package of a release, whose one file beside release.json has this content. The same each time."""
    whole = io.BytesIO()
    files = {"release.json": json.dumps({"name": name, "version": version, **more}).encode(), "content": content}
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for file, held in files.items():
            member = tarfile.TarInfo(f"{name}-v{version}/{file}")
            member.size = len(held)
            tar.addfile(member, io.BytesIO(held))
    # Stored, which every zlib does alike; and without most of what tarfile pads.
    blocks = whole.getvalue().rstrip(b"\0")
    padded = -(-len(blocks) // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE + 2 * tarfile.BLOCKSIZE
    return gzip.compress(blocks.ljust(padded, b"\0"), compresslevel=0, mtime=0)
