# One image; the command chooses receiver with workers (serve) or workers alone (worker).
FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/plumbline \
 && /opt/plumbline/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY bot bot
COPY workers workers
COPY evals evals
RUN /opt/plumbline/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends git ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin plumbline \
 && install -d -o plumbline -g plumbline /data
COPY --from=build /opt/plumbline /opt/plumbline
ENV PATH=/opt/plumbline/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PLUMBLINE_DATA_DIR=/data \
    PLUMBLINE_HOST=0.0.0.0
USER plumbline
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:%s/healthz' % (os.environ.get('PLUMBLINE_PORT') or 8080), timeout=4)"]
ENTRYPOINT ["plumbline"]
CMD ["serve"]
