"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from grc.collector import calm_collector

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grc.settings")
application = get_wsgi_application()
calm_collector()
