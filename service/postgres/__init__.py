"""An embedded PostgreSQL: the first run needs no database server, and leaves none behind.

One data directory has at most one server, whoever started it; every further process joins it.
`place` says where things lie, `lock` who may start, `launcher` as whom and tied to whose life,
`cluster` makes it once, `server` joins, starts and stops, `keeper` starts it again.
"""

import platform

if platform.system() == "Windows":
    from service.postgres.place import embedded_postgres
else:
    from service.postgres.keeper import embedded_postgres

__all__ = ["embedded_postgres"]
