"""What templates/base.html needs on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from ui.navigation import choosers_for, drawn, groups_for, registry

THEMES = ("system", "light", "dark")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: rail, header and theme. Lazy where it would cost a query."""
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    member = getattr(request, "member", None)
    return {
        "theme": theme if theme in THEMES else "system",
        "themes": THEMES,
        "theme_cookie": settings.THEME_COOKIE_NAME,
        "member": member,
        "organization": getattr(request, "organization", None),
        "organizations": getattr(request, "organizations", None),
        "rail": lambda: drawn(groups_for(request)),
        "header": registry.header,
        "choosers": lambda: choosers_for(request),
        "work_count": lambda: _work_count(request),
    }


def _work_count(request: HttpRequest) -> int | None:
    count = registry.header.work_count
    if count is None or getattr(request, "member", None) is None:
        return None
    return count(request)
