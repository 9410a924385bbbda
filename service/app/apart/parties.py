"""Joining parties in the child process, which needs far more memory than its result."""

from service.screening.parties.join import join_written


def work(request: bytes) -> bytes:
    """Join the parties of the listings that `write_listings` wrote; see `join_written`."""
    return join_written(request)
