"""Addresses of pages outside the organizations, from wherever they are asked."""

from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, reverse, set_script_prefix


def site_path(name: str, *args: Any, **kwargs: Any) -> str:
    """The path of a global page. Raises NoReverseMatch.

    Inside /o/<slug>/ both the URLconf and the script prefix are the organization's.
    """
    prefix = get_script_prefix()
    set_script_prefix("/")
    try:
        return reverse(name, urlconf=settings.ROOT_URLCONF, args=args, kwargs=kwargs)
    finally:
        set_script_prefix(prefix)
