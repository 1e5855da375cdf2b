"""Settings of the Django site: those of `startproject` and the guide of REST framework."""

import os

import sqlalchemy as sa

_ADDRESS = sa.make_url(os.environ["BASELINE_DB"])
SECRET_KEY = "benchmarks only"
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "benchmarks.drf.urls"
USE_TZ = True
LANGUAGE_CODE = "zh-hans"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "rest_framework",
    "rest_framework.authtoken",
    "benchmarks.drf.apps.Leads",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.DjangoModelPermissions"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "PAGE_SIZE": 50,
}
_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": _ADDRESS.database,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        "timeout": 10,
    },
}
_POSTGRESQL = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": _ADDRESS.database,
    "USER": _ADDRESS.username or "",
    "PASSWORD": _ADDRESS.password or "",
    "HOST": _ADDRESS.query.get("host") or _ADDRESS.host or "",
    "PORT": _ADDRESS.query.get("port") or _ADDRESS.port or "",
}
DATABASES = {
    "default": {
        **(_SQLITE if _ADDRESS.get_backend_name() == "sqlite" else _POSTGRESQL),
        "CONN_MAX_AGE": None,  # kept open: the default would connect anew for every request
    }
}
