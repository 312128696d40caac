"""Access reviews."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Reviews."""

    name = "reviews"
    verbose_name = "Access reviews"
