"""Settings, read from the environment; what is missing refuses to start. docs/settings.md lists them."""

from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from grc.browser import browser_settings
from grc.storage import connection_of, key_service_of, stored_files

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent


def required(name: str) -> str:
    """The variable's value; raises ImproperlyConfigured, naming it, when it is missing or empty."""
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"Set {name}. bin/run does it for you; docs/settings.md says what it is.")
    return value


def master_key() -> str:
    """PLUMBLINE_KEK, or what the file that PLUMBLINE_KEK_FILE names holds; neither is needed where AWS KMS has the key."""
    place = env.str("PLUMBLINE_KEK_FILE", default="")
    if not place:
        return env.str("PLUMBLINE_KEK", default="") if PLUMBLINE_KMS_KEY else required("PLUMBLINE_KEK")
    if env.str("PLUMBLINE_KEK", default=""):
        raise ImproperlyConfigured("Set PLUMBLINE_KEK or PLUMBLINE_KEK_FILE, not both.")
    try:
        return Path(place).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"PLUMBLINE_KEK_FILE cannot be read: {error}") from error


# Secrets and addresses
SECRET_KEY = required("PLUMBLINE_SECRET_KEY")
PLUMBLINE_KMS_KEY = env.str("PLUMBLINE_KMS_KEY", default="")
PLUMBLINE_KMS_OLD = env.list("PLUMBLINE_KMS_OLD", default=[])
PLUMBLINE_KMS = key_service_of(env)
PLUMBLINE_KEK = master_key()
PLUMBLINE_KEK_OLD = env.list("PLUMBLINE_KEK_OLD", default=[])  # they only open; see keys/master.py
PLUMBLINE_SEAL_KEYS = required("PLUMBLINE_SEAL_KEYS")  # the oldest first; see audit/seal/keys.py
PLUMBLINE_PDF_KEY = required("PLUMBLINE_PDF_KEY")  # see evidence/printing/keys.py
PLUMBLINE_PDF_CERTIFICATE = env.str("PLUMBLINE_PDF_CERTIFICATE", default="")
PLUMBLINE_BASE_URL = env.str("PLUMBLINE_BASE_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("PLUMBLINE_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
PLUMBLINE_DATA = Path(env.str("PLUMBLINE_DATA", default=str(BASE_DIR / "var" / "data")))
PLUMBLINE_EXAMPLE = env.bool("PLUMBLINE_EXAMPLE", default=False)
DEBUG = env.bool("PLUMBLINE_DEBUG", default=False)
CSRF_TRUSTED_ORIGINS = [PLUMBLINE_BASE_URL]

# Applications, from the top layer down
INSTALLED_APPS = [
    "ui",
    "tenancy",
    "audit",
    "keys",
    "accounts",
    "workflow",
    "api",
    "evidence",
    "inventory",
    "controls",
    "incidents",
    "reviews",
    "changes",
    "monitoring",
    "vulnerabilities",
    "processing",
    "policies",
    "vendors",
    "risks",
    "privacy",
    "reports",
    "proof",
    "example",
    "home",
    "search",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "axes",
    "csp",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
]
MIDDLEWARE = [
    "monitoring.own.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # outside of the next, so that static files have the policy too
    "api.transport.HttpsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.OriginMiddleware",
    "accounts.middleware.FactorMiddleware",
    "accounts.middleware.OrganizationMiddleware",
    "ui.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "grc.urls"
WSGI_APPLICATION = "grc.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ui.context.frame",
            ],
            "builtins": ["ui.templatetags.ui", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "ui.forms.Renderer"

# One database, two roles: the application's, and (for migrations) the owner's
DATABASES = {"default": env.db_url_config(required("DATABASE_URL"))}
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"] |= {
    "options": "-c idle_in_transaction_session_timeout=60000 -c lock_timeout=20000 -c timezone=UTC",
    "application_name": "plumbline",
}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASE_OWNER = env.db_url_config(env.str("DATABASE_OWNER_URL")) if env.str("DATABASE_OWNER_URL", default="") else None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Valkey or Redis: databases 0 and 1 are the broker and the cache
REDIS_URL = required("REDIS_URL")


def redis_database(number: int) -> str:
    """REDIS_URL with the database's number, for tcp and unix sockets alike."""
    if REDIS_URL.startswith("unix"):
        return f"{REDIS_URL.split('?')[0]}?db={number}"
    return f"{REDIS_URL.rstrip('/').removesuffix('/0')}/{number}"


def celery_url(number: int) -> str:
    """The same as Celery spells it."""
    url = redis_database(number)
    return url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=") if url.startswith("unix") else url


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_database(1),
        "OPTIONS": {"serializer": "tenancy.caching.PlainSerializer"},
    }
}
PLUMBLINE_MONITOR_URL = redis_database(0)  # the schedule of checks, beside the broker: the cache may be emptied
CELERY_BROKER_URL = celery_url(0)
CELERY_RESULT_BACKEND = celery_url(0).replace("?virtual_host=", "?db=")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # LOGGING below holds for workers too: nothing else leaves secrets out
CELERY_BEAT_SCHEDULE = {
    "seal": {"task": "audit.tasks.seal_all", "schedule": 60, "options": {"expires": 60}},
    "retention": {"task": "proof.tasks.remove_old", "schedule": crontab(hour=3, minute=30)},  # UTC
    "tick": {"task": "workflow.tasks.tick", "schedule": 15 * 60},
    "pulse": {"task": "monitoring.tasks.mark", "schedule": 30, "options": {"expires": 30}},
    "alarms": {"task": "incidents.tasks.look", "schedule": 10, "options": {"expires": 10}},  # seconds
}

# Accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.breached.BreachedValidator"},
    {"NAME": "accounts.passwords.DisguisedWordValidator"},
    {"NAME": "accounts.passwords.PlaceValidator"},
    {"NAME": "accounts.passwords.CompositionValidator"},
]
# Passwords known from breaches, ordered by SHA-1, as Have I Been Pwned offers them; none is looked up without the file
PLUMBLINE_BREACHED_PASSWORDS = env.str("PLUMBLINE_BREACHED_PASSWORDS", default="")
PASSWORD_RESET_TIMEOUT = 30 * 60  # of the link for a forgotten password
LOGIN_URL = "/sign-in/"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_VERBOSE = False
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "accounts.origins.client_ip"
# Trusted proxies in front; X-Forwarded-For is believed for so many hops, and not at all with none.
PLUMBLINE_PROXIES = env.int("PLUMBLINE_PROXIES", default=0)
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"

# Sessions of at most eight hours from sign-in (accounts sets the absolute end)
SESSION_ENGINE = "accounts.models.session"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ui.views.csrf_failure"

# The browser's protections; what depends on https, the names of cookies among it, follows from the address
globals().update(browser_settings(PLUMBLINE_BASE_URL))
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# Files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STORAGES = {
    "default": stored_files(env, PLUMBLINE_DATA / "files"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
PLUMBLINE_S3 = connection_of(env)
# Heads of the trail are told to these: better where whoever runs the database cannot write
PLUMBLINE_WITNESS = Path(env.str("PLUMBLINE_WITNESS", default=str(PLUMBLINE_DATA / "witness")))
PLUMBLINE_WITNESS_BUCKET = env.str("PLUMBLINE_WITNESS_BUCKET", default="")
PLUMBLINE_TRAIL_MONTHS = env.int("PLUMBLINE_TRAIL_MONTHS", default=24)  # so long its events are kept at least
FILE_UPLOAD_HANDLERS = ["evidence.uploads.LimitedUploadHandler"]  # always to disk, and no further than the limit
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
PLUMBLINE_UPLOAD_LIMIT = env.int("PLUMBLINE_UPLOAD_LIMIT", default=100 * 1024 * 1024)

# Mail: kept for an administrator to read unless EMAIL_URL is set
PLUMBLINE_SENDS_MAIL = bool(env.str("EMAIL_URL", default=""))
globals().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("PLUMBLINE_MAIL_FROM", default="plumbline@localhost")

# Hosts that are reached at all, such as "idp.example.com,*.okta.com"; without a list the public internet (workflow/outgoing)
PLUMBLINE_OUTGOING = env.list("PLUMBLINE_OUTGOING", default=[])

# In a minute by one person: pages, and files and reports among them (accounts/pacing.py)
PLUMBLINE_PERSON_RATE = env.int("PLUMBLINE_PERSON_RATE", default=1200)
PLUMBLINE_COSTLY_RATE = env.int("PLUMBLINE_COSTLY_RATE", default=30)

# The API: its own views say who may ask for what; requests in a minute by one token
PLUMBLINE_API_RATE = env.int("PLUMBLINE_API_RATE", default=600)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["api.closed.Closed"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "api.problems.answer_of",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Plumbline",
    "VERSION": "1",
    "DESCRIPTION": "What the screens of Plumbline do, for programs that show a token. docs/api.md is the guide.",
    "LICENSE": {"name": "Apache-2.0"},
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "POSTPROCESSING_HOOKS": ["api.schema.complete"],
}

# The product's own health
PLUMBLINE_METRICS_TOKEN = env.str("PLUMBLINE_METRICS_TOKEN", default="")  # none: no metrics
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^api/"]  # the API refuses instead (api.transport)

# Words, times and messages
LANGUAGE_CODE = "en-us"
FORMAT_MODULE_PATH = "ui.formats"
TIME_ZONE = "UTC"
USE_TZ = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# W004: an e-mail is unique in lower case, by a constraint that the check does not see
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
PLUMBLINE_LOG_EVENTS = env.bool("PLUMBLINE_LOG_EVENTS", default=False)  # a line for each event of the trail
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "monitoring.own.logs.LineFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "monitoring.own.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": env.str("PLUMBLINE_LOG_FORMAT", default="line")},
    },
    "root": {"handlers": ["console"], "level": env.str("PLUMBLINE_LOG_LEVEL", default="INFO")},
    # It has a handler of its own, which writes in another form and leaves no secret out.
    "loggers": {"gunicorn.error": {"handlers": ["console"], "propagate": False}},
}
