# docker build -t facesite .
# docker run -p 8000:8000 -v facesite:/data -e ALLOWED_HOSTS=localhost facesite

FROM python:3.12-slim AS build
WORKDIR /srv/facesite
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
# The model files lie beside the code, so that a container starts without a network. The static files are collected
# to see that each one is there; `serve` collects them into the volume, where they change with the image.
RUN DATA_DIR=/tmp/build MODELS_DIR=/srv/models python manage.py fetch_models \
    && chmod -R a+rX /srv/models \
    && DATA_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 \
    && rm -r /tmp/build

FROM python:3.12-slim
RUN useradd --system --uid 1000 --user-group --home-dir /data --shell /usr/sbin/nologin facesite \
    && install --directory --owner facesite --group facesite --mode 0700 /data
WORKDIR /srv/facesite
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/models /srv/models
COPY --from=build /srv/facesite /srv/facesite
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    MODELS_DIR=/srv/models
USER 1000:1000
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]
