"""An embedded PostgreSQL: the first run needs no database server, and leaves none running.

One data directory has at most one server, and every further process joins that server. `place`
has the paths of the directory and its lock, `server` prepares the cluster and joins, starts and
stops the server, and restarts one that died.
"""

import platform

if platform.system() == "Windows":
    from abeyance_screening.platform.postgres.data_directory import embedded_postgres
else:
    from abeyance_screening.platform.postgres.server import embedded_postgres

__all__ = ["embedded_postgres"]
