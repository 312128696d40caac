"""Stored files and evidence."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Evidence."""

    name = "evidence"
    verbose_name = "Evidence"
