"""Writing a file of results, from the rows that a browser sends, in the child process."""

from service.web.spreadsheet.files import file_of_lines


def work(request: bytes) -> bytes:
    """Write the file that lines ask for; see `file_of_lines`."""
    return file_of_lines(request)
