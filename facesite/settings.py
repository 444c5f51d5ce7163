"""All settings, read from the environment and `.env` here and nowhere else; see docs/settings.md."""

from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote

from facesite.env import Environment, host_of, split_keys
from facesite.log_format import is_unexpected
from facesite.secret_key import stored_secret_keys

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
env.read_env(BASE_DIR / ".env")

# Read from the environment
DATA_DIR = BASE_DIR / (env.str("DATA_DIR", default="data"))
# A file with a key usually ends with a line break. Earlier versions took it for a part of the key.
SECRET_KEY = (given_key := env.str("SECRET_KEY", default="")).strip()
SECRET_KEY_FALLBACKS = split_keys(env.str("SECRET_KEY_FALLBACKS", default=""))
if given_key != SECRET_KEY:
    SECRET_KEY_FALLBACKS.append(given_key)
DEBUG = env.on_off("DEBUG", default=False)
NAMED_HOSTS = env.list("ALLOWED_HOSTS", cast=str.strip, default=[])
DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{quote(str(DATA_DIR / 'facesite.sqlite3'))}"
DATABASE_CONNECT_TIMEOUT = env.int("DATABASE_CONNECT_TIMEOUT", default=5)
DATABASE_LOCK_TIMEOUT = env.int("DATABASE_LOCK_TIMEOUT", default=8)
DATABASE_STATEMENT_TIMEOUT = env.int("DATABASE_STATEMENT_TIMEOUT", default=12)
MODELS_DIR = BASE_DIR / (env.str("MODELS_DIR", default=DATA_DIR / "models"))
ENGINE = env.str("ENGINE", default="auto")
# A file with a token usually ends with a line break.
ACEDATA_API_TOKEN = env.str("ACEDATA_API_TOKEN", default="").strip()
ACEDATA_API_URL = env.str("ACEDATA_API_URL", default="https://api.acedata.cloud").strip().rstrip("/")
ACEDATA_PLATFORM_TOKEN = env.str("ACEDATA_PLATFORM_TOKEN", default="").strip()
ACEDATA_PLATFORM_URL = env.str("ACEDATA_PLATFORM_URL", default="https://platform.acedata.cloud").strip().rstrip("/")
PUBLIC_URL = env.str("PUBLIC_URL", default="").strip().rstrip("/")
HISTORY = env.str("HISTORY", default="private")
MAX_UPLOAD_MB = env.int("MAX_UPLOAD_MB", default=20)
MAX_STORED_MB = env.int_or_off("MAX_STORED_MB", default=2048)
MIN_FREE_MB = env.int("MIN_FREE_MB", default=500)
MAX_PIXELS = env.int("MAX_PIXELS", default=60_000_000)
MAX_FACES = env.int("MAX_FACES", default=100)
FETCH_ALLOW_NETWORKS = tuple(
    env.list("FETCH_ALLOW_NETWORKS", cast=lambda network: ip_network(network.strip()), default=[])
)
# Servers such as Wikimedia's refuse programs that name nobody to turn to.
CONTACT = f" ({PUBLIC_URL})" if PUBLIC_URL else ""
FETCH_USER_AGENT = env.str("FETCH_USER_AGENT", default="").strip() or f"facesite/1.0{CONTACT}"
API_RATE = env.str("API_RATE", default="60/min").strip()
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", cast=lambda origin: origin.strip().rstrip("/"), default=[])
TRUSTED_PROXIES = tuple(env.list("TRUSTED_PROXIES", cast=lambda network: ip_network(network.strip()), default=[]))
HTTPS = env.on_off("HTTPS", default=False)
S3_BUCKET = env.str("S3_BUCKET", default="").strip()
S3_ENDPOINT_URL = env.str("S3_ENDPOINT_URL", default="").strip().rstrip("/")
S3_REGION = env.str("S3_REGION", default="").strip()
S3_ACCESS_KEY = env.str("S3_ACCESS_KEY", default="").strip()
S3_SECRET_KEY = env.str("S3_SECRET_KEY", default="").strip()
TASKS = env.str("TASKS", default="threads")
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="redis://127.0.0.1:6379/0").strip()
METRICS = env.on_off("METRICS", default=False)
LOG_FORMAT = env.one_of("LOG_FORMAT", ("line", "json"))
SENTRY_DSN = env.str("SENTRY_DSN", default="").strip()
FORCE_SCRIPT_NAME = env.str("FORCE_SCRIPT_NAME", default="").strip().rstrip("/") or None

# Derived from them, and fixed
LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"]
# The loopback names are always allowed, for health checks on the same machine.
ALLOWED_HOSTS = [*NAMED_HOSTS, *host_of(PUBLIC_URL), *LOOPBACK_NAMES]

INSTALLED_APPS = [
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "corsheaders",
    "ninja",  # for the files of Swagger UI
    "landmarks.apps.LandmarksConfig",
]
MIDDLEWARE = [
    "facesite.middleware.site_path.serve_below_path",
    "facesite.middleware.api_paths.merge_slashes",
    "facesite.middleware.request_id.identify_requests",
    *(["facesite.middleware.metrics.count_responses"] if METRICS else []),
    "facesite.middleware.responses.finish_responses",
    # Outside of what may answer with an error, which scripts of other origins must be able to read, too.
    *(["corsheaders.middleware.CorsMiddleware"] if CORS_ALLOWED_ORIGINS else []),
    "facesite.middleware.responses.TextCompression",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "facesite.middleware.request_size.limit_requests",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "facesite.middleware.session.RenamingSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "facesite.middleware.database_time.limit_database_time",
    "facesite.middleware.caller.name_callers",
    # Above the CSRF check, which reads the form, and below what error pages need.
    "facesite.middleware.errors.ErrorMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "facesite.middleware.timezone.local_times",
]
ROOT_URLCONF = "facesite.urls"
WSGI_APPLICATION = "facesite.wsgi.application"
CELERY_APPLICATION = "facesite.celery.app"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [("django.template.loaders.cached.Loader", ["facesite.template_loader.Loader"])],
        },
    },
]

DATABASES = {"default": env.database(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    if DATABASES["default"]["NAME"] != ":memory:":
        DATABASES["default"]["NAME"] = str(BASE_DIR / DATABASES["default"]["NAME"])
    # Each thread keeps its connection: opening one for every request takes three milliseconds of processor time.
    DATABASES["default"].setdefault("CONN_MAX_AGE", None)
    # Any number of readers and one writer at a time, which waits for the lock instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        "transaction_mode": "IMMEDIATE",
        "timeout": DATABASE_LOCK_TIMEOUT,
        # FULL: what was answered survives a power cut. secure_delete: what was deleted is overwritten
        # (docs/operations.md, and what it costs).
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON",
    }
# Where the key is stored if the environment has none. It is read here because a new one depends on the database.
SECRET_KEY_PATH = DATA_DIR / "secret_key"
IS_KEY_STORED = not SECRET_KEY
if IS_KEY_STORED:
    SECRET_KEY, *older_keys = stored_secret_keys(SECRET_KEY_PATH, DATABASES["default"])
    SECRET_KEY_FALLBACKS = [*older_keys, *SECRET_KEY_FALLBACKS]
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["ENGINE"] = "landmarks.storage.postgresql"
    # A server or a network that is gone is noticed by the system within half a minute, also between two statements.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": DATABASE_CONNECT_TIMEOUT,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 4,
        "tcp_user_timeout": 1000 * DATABASE_STATEMENT_TIMEOUT,
        **DATABASES["default"].get("OPTIONS", {}),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Absolute, since Django would add the path of the first request for good; the storage adds that of each.
STATIC_URL = "/static/"
WHITENOISE_STATIC_PREFIX = STATIC_URL
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Other sites need none of these files.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Not served by the web server: views check who may see a file.
MEDIA_ROOT = DATA_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "landmarks.storage.durable_storage.DurableStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "facesite.static_files.UnhashedStorage" if DEBUG else "facesite.static_files.StaticFilesStorage"
    },
}
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "landmarks.storage.object_storage.ObjectStorage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": S3_ENDPOINT_URL or None,
            "region_name": S3_REGION or None,
            "access_key": S3_ACCESS_KEY or None,
            "secret_key": S3_SECRET_KEY or None,
        },
    }
DATA_UPLOAD_MAX_NUMBER_FILES = 200
# Ten of the largest photos, or more smaller ones, and the rest of the form.
MAX_REQUEST_BYTES = (10 * MAX_UPLOAD_MB + 1) * 2**20
# One photo in base64, with line breaks, and the rest of the JSON.
MAX_JSON_BYTES = int(1.4 * MAX_UPLOAD_MB + 1) * 2**20
# Larger files are on disk while they wait, because a hundred may.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**19
FILE_UPLOAD_HANDLERS = ["facesite.upload_parser.FormReader", "facesite.upload_handler.PhotoUploadHandler"]

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# Browsers share cookies between the ports of a host: another Django site there would overwrite a session of Django's
# default name, and the browser would lose its results. The CSRF cookie can be lost, so it keeps its default name.
# The prefixes make browsers refuse such a cookie from anybody else; __Host- demands the whole host.
COOKIE_PREFIX = "" if not HTTPS else "__Secure-" if FORCE_SCRIPT_NAME else "__Host-"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}facesite_session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = FORCE_SCRIPT_NAME or "/"
# In the signed cookie itself: visitors who upload nothing cost no row, and each visit renews it (docs/decisions/0005).
SESSION_ENGINE = "facesite.sessions"
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_AGE = 365 * 24 * 60 * 60
MESSAGE_STORAGE = "facesite.sessions.MessageStorage"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "facesite.error_views.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
# Requested on the machine itself, not through the HTTPS proxy.
SECURE_REDIRECT_EXEMPT = [r"(?:^|/)(?:healthz|readyz|metrics|status/)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
# Whether other names below this domain use HTTPS is not known here.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": ["'none'"],
    "img-src": ["'self'", "data:", "blob:"],
    "style-src": ["'self'"],
    "script-src": ["'self'"],
    "connect-src": ["'self'"],
    "font-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}

# Scripts of other origins may call the API with a token; a visitor's cookies are never part of it.
CORS_URLS_REGEX = r"/(api/|face/analyze)"
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_METHODS = ["DELETE", "GET", "HEAD", "PATCH", "POST"]
CORS_ALLOW_HEADERS = ["api-version", "authorization", "content-type", "idempotency-key", "if-none-match"]
CORS_EXPOSE_HEADERS = [
    *("API-Version", "Crop-Matrix", "ETag", "Idempotency-Replayed", "Link", "Location", "Retry-After"),
    *("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-Ignored-Fields", "X-Request-Id", "X-Trace-Id"),
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "facesite.log_format.LineFormatter",
            "format": "{asctime} {levelname} {request_id} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "facesite.log_format.JsonFormatter"},
    },
    "filters": {"unexpected": {"()": "django.utils.log.CallbackFilter", "callback": is_unexpected}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Its warnings are clients' mistakes, and contain the path that they requested.
        "django.request": {"level": "ERROR", "filters": ["unexpected"]},
        "django.security": {"level": "ERROR"},
        # Logged by error_views once in a while, and forms that are too large.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.security.SuspiciousOperation": {"level": "CRITICAL"},
        "django.security.TooManyFieldsSent": {"level": "CRITICAL"},
        "django.security.TooManyFilesSent": {"level": "CRITICAL"},
        "django.security.RequestDataTooBig": {"level": "CRITICAL"},
        # It would log clients' addresses and paths; what goes wrong is logged by landmarks.server.
        "waitress": {"level": "CRITICAL"},
        # Its warnings contain the addresses that people submit.
        "urllib3": {"level": "CRITICAL"},
    },
}
