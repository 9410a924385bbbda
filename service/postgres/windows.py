"""What stands in for the embedded server on Windows, where it does not run."""

from contextlib import AbstractContextManager
from pathlib import Path

from service.model.errors import EmbeddedPostgresError


def embedded_postgres(
    data_dir: Path, **_options: Path | bool | None
) -> AbstractContextManager[str]:
    """Refuses: Windows lacks the locks, sockets and signals that the launcher stands on.

    Raises:
        EmbeddedPostgresError: Always.
    """
    reason = "the embedded PostgreSQL does not run on Windows; set DATABASE_URL"
    raise EmbeddedPostgresError(str(data_dir), reason)
