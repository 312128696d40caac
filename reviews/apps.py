"""Access reviews."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Reviews."""

    name = "reviews"
    verbose_name = "Access reviews"

    def ready(self) -> None:
        """Take a place in the frame, in everybody's work, in the schedule and behind the imports."""
        from reviews.registrations import register  # noqa: PLC0415 - it needs models

        register()
