"""The API: what the screens do, for programs that show a token."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """API."""

    name = "api"
    verbose_name = "API"

    def ready(self) -> None:
        """Forget answers that nobody can ask for again."""
        # These import models, which exist only now.
        from api.idempotency import forget_answers  # noqa: PLC0415
        from workflow.schedule import register_periodic  # noqa: PLC0415

        register_periodic("api.forget_answers", forget_answers)
