"""The keys of sealed fields."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    """Keys."""

    name = "keys"
    verbose_name = "Keys"
