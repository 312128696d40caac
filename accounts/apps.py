"""People who sign in: users, their second factors, and their roles in organizations."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts: sign-in, factors, members, permissions."""

    name = "accounts"
    verbose_name = "Accounts"
