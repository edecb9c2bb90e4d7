FROM python:3.11-slim AS build
WORKDIR /srv
COPY requirements.txt .
RUN python -m venv /srv/venv && /srv/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim
RUN useradd --system --create-home --home-dir /srv/envanter envanter
WORKDIR /srv/envanter
COPY --from=build /srv/venv /srv/venv
COPY app app
COPY migrations migrations
COPY seed seed
COPY alembic.ini .
USER envanter
# Callers are not authenticated yet: publish the port to loopback only (docker run -p 127.0.0.1:8000:8000).
ENV PATH=/srv/venv/bin:$PATH ENVANTER_HOST=0.0.0.0 ENVANTER_DATABASE_URL=sqlite:////srv/envanter/data/envanter.db
RUN mkdir data
VOLUME /srv/envanter/data
EXPOSE 8000
CMD ["python", "-m", "app", "serve"]
