"""The example organizations."""

from django.apps import AppConfig


class ExampleConfig(AppConfig):
    """Larkfield Software and Brightmoor Clinics, made through the product's own actions."""

    name = "example"
    verbose_name = "Example organizations"
