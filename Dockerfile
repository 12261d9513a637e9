# One image for web, worker and migrations. Built by `docker compose build`; see README, Production.
FROM python:3.13-slim AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock ./
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENCE ./
COPY fieldapp fieldapp
COPY surveys surveys
COPY migrations migrations
COPY translations translations
# Editable: surveys, migrations and translations are found beside the package.
RUN /venv/bin/pip install --no-cache-dir --no-deps -e . \
    && /venv/bin/pybabel --quiet compile -d translations

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin fieldapp \
    && install -d -o fieldapp -g fieldapp /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER fieldapp
VOLUME /data
EXPOSE 8000
# Threads: most of a request is waiting for the database. Two workers use both cores.
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", \
     "--threads", "8", "--timeout", "120", "--graceful-timeout", "30", "--access-logfile", "/dev/null", \
     "fieldapp.app:create_app()"]
