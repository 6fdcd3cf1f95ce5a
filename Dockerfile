# One image for every role: web, worker, beat, migrate. Two stages: pip and its cache stay behind in the first.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --require-hashes --no-deps --compile -r requirements.txt

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PRODUCTION=true
RUN groupadd --gid 10001 sunset && useradd --uid 10001 --gid sunset --no-create-home --shell /usr/sbin/nologin sunset \
    && install -d -o sunset -g sunset -m 750 /srv/storage /srv/backups
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/app
COPY manage.py ./
COPY config config
COPY accounts accounts
COPY survey survey
COPY reports reports
# No service is needed to compile texts and gather static files, so these are not production settings.
RUN PRODUCTION=false python manage.py compile_texts \
    && PRODUCTION=false python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q config accounts survey reports
ARG REVISION=unknown
ENV REVISION=$REVISION
USER sunset
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "24", "--log-level", "warning", "--log-config", "config/granian.json", "--no-ws", "config.wsgi:application"]
