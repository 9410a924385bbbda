"""Writing a file of results that the service keeps, in the child process."""

import msgspec

from service.web.spreadsheet.files import KeptFileRequest, file_of_parts


def work(request: bytes) -> bytes:
    """Write the file that a `KeptFileRequest` in msgpack asks for; see `file_of_parts`."""
    return file_of_parts(msgspec.msgpack.decode(request, type=KeptFileRequest))
