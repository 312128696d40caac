"""The proof that the trail is whole."""

from django.apps import AppConfig


class ProofConfig(AppConfig):
    """Proof."""

    name = "proof"
    verbose_name = "Proof"

    def ready(self) -> None:
        """Take a place in the frame, and check every night."""
        from proof import checks  # noqa: F401, PLC0415 - it registers itself
        from proof.registrations import register  # noqa: PLC0415 - it needs models

        register()
