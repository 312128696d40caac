"""People who sign in: users, their second factors, and their roles in organizations."""

from django.apps import AppConfig

from accounts.permissions import HOME
from accounts.roles import ROLE_CHOICES
from audit.values import register_words
from ui.navigation import register_place


class AccountsConfig(AppConfig):
    """Accounts: sign-in, factors, members, permissions."""

    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        """Offer the members, and the tokens of the API, in the rail; the trail calls roles by their names."""
        register_place("settings", "Members", "members:list", "members.read", order=10)
        register_place("settings", "Roles", "members:roles", "members.read", order=11)
        register_place("settings", "Conflicts of duty", "members:conflicts", "members.read", order=12)
        register_place("settings", "Company sign-in", "members:provider-list", "organization.admin", order=15)
        register_place("settings", "API tokens", "members:tokens", HOME, order=40)
        for kind in ("accounts.member", "accounts.invitation"):
            register_words(kind, "roles", ROLE_CHOICES)  # those of the organization's own are told by their keys
