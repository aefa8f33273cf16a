"""Read which file is asked for, and show it."""

from chalicelib.dialects.console.frame.assets import File, files, hash_of_files
from chalicelib.http.answers.answer_size import ACCEPTED, takes_gzip
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import NotFound
from slipway_formats.frozen import frozen


@frozen
class FileQuery:
    """A file, and whether the client takes it gzipped."""

    file: File
    packed: bool


def read_file(request: Request) -> FileQuery:
    """Read which file is asked for. Faults: NotFound, also for the files of another version."""
    found = files().get(request.parameters["file"])
    if found is None or request.parameters["hash"] != hash_of_files():
        raise NotFound(f"no file {request.parameters['file']} under this hash")
    return FileQuery(file=found, packed=takes_gzip(request.header(ACCEPTED)))


def show_file(asked: FileQuery) -> Reply:
    """Show a file, to be kept for ever."""
    headers = {
        "Content-Type": asked.file.media,
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
    }
    if asked.packed:
        return Reply(headers={**headers, "Content-Encoding": "gzip"}, body=asked.file.packed)
    return Reply(headers=headers, body=asked.file.content.decode())
