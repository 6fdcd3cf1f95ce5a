"""All settings, read from the environment (see .env.example). With nothing set: the embedded servers of `make run`."""

from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from config import embedded, mail
from config.env import Env, EnvError
from config.logs import LOGGING as LOGGING

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

_EMBEDDED_SECRET = "embedded-servers-on-one-machine-only"
_CONNECT_SECONDS = 5
"""A respondent must not wait for a database that is not there."""
_sockets = embedded.socket_folder()

try:
    PRODUCTION = env.flag("PRODUCTION", False)
    DEBUG = env.flag("DEBUG", False)
    SECRET_KEY = env.secret("SECRET_KEY", None if PRODUCTION else _EMBEDDED_SECRET)
    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", () if PRODUCTION else ("localhost", "127.0.0.1", "[::1]", "testserver"))
    # The application's role owns no table. The owner's role migrates and rewrites the tables after sealing.
    DATABASE_URL = env.secret(
        "DATABASE_URL", None if PRODUCTION else embedded.database_url(_sockets, embedded.APP_ROLE)
    )
    OWNER_DATABASE_URL = env.secret(
        "OWNER_DATABASE_URL", None if PRODUCTION else embedded.database_url(_sockets, embedded.OWNER_ROLE)
    )
    REDIS_URL = env.secret("REDIS_URL", None if PRODUCTION else embedded.redis_url(_sockets))
    STORAGE_URL = env.text("STORAGE_URL", None if PRODUCTION else (BASE_DIR / "var" / "storage").as_uri())
    PUBLIC_URL = env.text("PUBLIC_URL", "http://localhost:8000")
    HTTPS = env.flag("HTTPS", PRODUCTION)
    MFA_REQUIRED = env.flag("MFA_REQUIRED", PRODUCTION)
    SECRET_KEY_FALLBACKS = env.secret("OLD_SECRET_KEYS", "").split()
    REPORT_LANGUAGES = env.words("REPORT_LANGUAGES")
    BACKUP_FOLDER = env.text("BACKUP_FOLDER", str(BASE_DIR / "var" / "backups"))
    BACKUP_KEY = env.secret("BACKUP_KEY", "")
    BACKUP_DAYS = env.number("BACKUP_DAYS", 35)
    METRICS_TOKEN = env.secret("METRICS_TOKEN", "")
    REVISION = env.text("REVISION", "unknown")
    LEASE_SECONDS = env.number("LEASE_SECONDS", 30)
    STAMP_BITS = env.number("STAMP_BITS", 16)
    STAMP_BITS_BUSY = env.number("STAMP_BITS_BUSY", 18)
    SENDS_BUSY = env.number("SENDS_BUSY", 6)
    SENDS_OVERLOADED = env.number("SENDS_OVERLOADED", 16)
    EMAIL_URL = env.secret("EMAIL_URL", "" if PRODUCTION else "console:")
    MAILERS = {"default": mail.mailer(EMAIL_URL)}
    EMAIL_FROM = env.text("EMAIL_FROM", "sunset-survey@localhost")
    _conn_max_age = env.number("DATABASE_CONN_MAX_AGE", 600)
    _lock_seconds = env.number("DATABASE_LOCK_SECONDS", 0)
except EnvError as error:
    raise ImproperlyConfigured(str(error)) from None

EMBEDDED = str(_sockets).replace("/", "%2F") in DATABASE_URL or str(_sockets) in REDIS_URL
USES_DEFAULT_SECRET = SECRET_KEY == _EMBEDDED_SECRET


def _database(url: str) -> dict[str, Any]:
    settings: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=_conn_max_age, conn_health_checks=True))
    # Parameters travel apart from the statement: nothing a respondent sends can stand in an error or a log line.
    # A worker that is frozen inside a transaction must not hold its locks for longer than its lease.
    limits = f"-c idle_in_transaction_session_timeout={LEASE_SECONDS}s -c lock_timeout={_lock_seconds}s"
    options = {"server_side_binding": True, "options": limits, "connect_timeout": _CONNECT_SECONDS}
    settings["OPTIONS"] = {**options, **settings.get("OPTIONS", {})}
    return settings


DATABASES = {"default": _database(DATABASE_URL), "owner": _database(OWNER_DATABASE_URL)}
DATABASE_ROUTERS = ["config.routers.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "config.apps.ConfigApp",
    "accounts.apps.AccountsConfig",
    "survey.apps.SurveyConfig",
    "reports.apps.ReportsConfig",
]

# `config.middleware` makes sessions, log-in, CSRF and the like step aside for respondents' pages.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.EveryAnswer",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.Csp",
    "config.middleware.Sessions",
    "config.middleware.Locale",
    "config.middleware.Common",
    "config.middleware.Csrf",
    "config.middleware.Authentication",
    "config.middleware.SessionLimits",
    "config.middleware.SecondFactor",
    "config.middleware.Messages",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "survey.pages.gate.Gate",
    "config.middleware.LastResort",
    "config.middleware.CounterOutage",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DEFAULT_FROM_EMAIL = EMAIL_FROM
SENDS_MAIL = mail.reaches_people(EMAIL_URL)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/portal/"
ACCOUNT_ADAPTER = "accounts.adapter.InvitedOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
# By account, never by address: a limit by address would keep addresses, and people share exits.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/5m/key", "login": False, "reset_password": "5/5m/key"}

MFA_ADAPTER = "accounts.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.second_factor.Authenticate",
    "reauthenticate": "accounts.second_factor.Reauthenticate",
}
MFA_TOTP_ISSUER = "Sunset Survey"
# Clocks differ: the code before and the one after count too. `accounts.second_factor` takes each only once.
MFA_TOTP_TOLERANCE = 1
# Addresses of accounts are given by admins, not by visitors: there is nothing to verify.
MFA_ALLOW_UNVERIFIED_EMAIL = True

SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# A session ends after eight hours, and after one without a request: `accounts.middleware.SessionLimits`.
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_SECONDS = 3600
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# Whoever asks the web process itself whether it lives does so without TLS.
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^(healthz|readyz|metrics)$"]
# W003 looks for the class of CSRF protection by its name; here it is one made from it, which spares respondents' pages.
# E001 asks for a mail server: an installation may go without, and its admins hand invitations over.
SILENCED_SYSTEM_CHECKS = ["security.W003", *([] if EMAIL_URL else ["mail.E001"])]
# Respondents' pages say no-referrer themselves; on staff pages that would blank the Origin that CSRF looks at.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# One form of `mris` holds about 250 fields; hostile posts are read up to this and refused.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("id", "Bahasa Indonesia"),
    ("es", "Español"),
    ("ar", "العربية"),
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://").replace("?virtual_host=0", "?db=1"),
        # A log-in must not wait for ever for a Redis that hangs.
        "OPTIONS": {"socket_timeout": 3},
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300, "socket_keepalive": True}
CELERY_TASK_IGNORE_RESULT = True
# A message is only a nudge; the rows say what is to be done. Kept until after the work, it would have to be
# acknowledged on a connection that may be lost meanwhile, which ends the worker.
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "reports.tasks.work_on_report": {"queue": "reports"},
    "reports.tasks.work_on_part": {"queue": "reports"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BEAT_SCHEDULER = "config.scheduling.Scheduler"
# What a lost message left behind is picked up by these sweeps within a minute. A message expires by the worker's clock
# and is stamped by beat's: they may differ by most of a minute.
CELERY_BEAT_SCHEDULE = {
    "accounts-sweep": {"task": "accounts.tasks.sweep", "schedule": 15.0, "options": {"expires": 60}},
    "reports-sweep": {"task": "reports.tasks.sweep", "schedule": 10.0, "options": {"expires": 60}},
    "survey-sweep": {"task": "survey.tasks.sweep", "schedule": 30.0, "options": {"expires": 60}},
    "keep-house": {"task": "config.tasks.keep_house", "schedule": 600.0, "options": {"expires": 600}},
    "beat-seen": {"task": "config.tasks.beat_seen", "schedule": 15.0, "options": {"expires": 60}},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerToken",
        "accounts.authentication.LoggedIn",
    ],
    # Deny by default: a view that names no permission is closed to everybody.
    "DEFAULT_PERMISSION_CLASSES": ["accounts.authentication.Nobody"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "config.errors.api_exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Sunset Survey",
    "DESCRIPTION": "Released reports on what the retirement of an AI model does to the people who used it.",
    "VERSION": "1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {"ReportState": "reports.api.reports.STATES", "ReleaseState": "reports.api.releases.STATES"},
}
