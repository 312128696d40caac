"""The example organizations."""

from django.apps import AppConfig


class ExampleConfig(AppConfig):
    """Larkfield Software and Brightmoor Clinics, made through the product's own actions."""

    name = "example"
    verbose_name = "Example organizations"

    def ready(self) -> None:
        """What goes on in them."""
        from example.living import call_in, follow_address  # noqa: PLC0415 - it needs models
        from workflow.schedule import register_periodic  # noqa: PLC0415 - as above

        register_periodic("example.call_in", call_in)
        register_periodic("example.follow_address", follow_address)
