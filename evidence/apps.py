"""Stored files and evidence."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Evidence."""

    name = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        """Show the list in the rail, and sweep files that nothing refers to."""
        from evidence.files import sweep  # noqa: PLC0415 - models are loaded by now
        from evidence.populations import registrations as populations  # noqa: PLC0415
        from ui.navigation import register_place  # noqa: PLC0415
        from workflow.schedule import register_periodic  # noqa: PLC0415

        register_place("audit", "Evidence", "evidence:list", "evidence.read", order=20)
        register_periodic("evidence.sweep", sweep)
        populations.register()
