"""People who sign in: users, their second factors, and their roles in organizations."""

from django.apps import AppConfig

from ui.navigation import register_place


class AccountsConfig(AppConfig):
    """Accounts: sign-in, factors, members, permissions."""

    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        """Offer the members in the rail."""
        register_place("settings", "Members", "members:list", "members.read", order=10)
