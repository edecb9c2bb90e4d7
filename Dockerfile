FROM python:3.11-slim AS build
WORKDIR /srv
COPY requirements.txt .
RUN python -m venv /srv/venv && /srv/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home --home-dir /srv/envanter --shell /usr/sbin/nologin envanter
WORKDIR /srv/envanter
COPY --from=build /srv/venv /srv/venv
COPY app app
COPY migrations migrations
COPY seed seed
COPY alembic.ini .
# Whoever runs the image cannot write here, so every start would compile the whole source again.
RUN /srv/venv/bin/python -m compileall -q app migrations
# A number, so that what runs the image can tell that it is not root.
USER 10001
# Every caller needs a key, from the first start on: docker exec CONTAINER python -m app keys create NAME --role admin
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ENVANTER_HOST=0.0.0.0 \
    ENVANTER_AUTHENTICATION=required \
    ENVANTER_PORT=8000 \
    ENVANTER_DATABASE_URL=sqlite:////srv/envanter/data/envanter.db
RUN mkdir data
VOLUME /srv/envanter/data
EXPOSE 8000
# The first start builds and seeds the register before it listens.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['ENVANTER_PORT'] + '/readyz', timeout=4)"]
CMD ["python", "-m", "app", "serve"]
