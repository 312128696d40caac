"""Composition only: settings, addresses, the Celery and WSGI entry points."""

from grc.celery import app as celery_app

__all__ = ["celery_app"]
