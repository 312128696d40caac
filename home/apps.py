"""Home: what waits for me, and the organization's own settings."""

from django.apps import AppConfig

from ui.navigation import register_header, register_place


class HomeConfig(AppConfig):
    """Home."""

    name = "home"
    verbose_name = "Home"

    def ready(self) -> None:
        """Places in the rail, and the count in the header."""
        # Models can be imported only now.
        from accounts.sessions import clear_sessions  # noqa: PLC0415
        from home.duties import about, waiting  # noqa: PLC0415
        from home.work import work_count  # noqa: PLC0415
        from workflow.inbox import register_inbox  # noqa: PLC0415
        from workflow.schedule import register_periodic  # noqa: PLC0415

        register_periodic("accounts.clear_sessions", lambda _organization, _at: clear_sessions())
        register_inbox(waiting, about)
        register_place("home", "My work", "home:work", None, order=0, brief=True)
        register_place("settings", "Organization", "home:organization", "organization.admin", order=0)
        register_header(work_url="home:work", work_count=work_count, count_url="home:count")
