"""Addresses of pages outside the organizations, and who may open those inside."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, get_script_prefix, resolve, reverse, set_script_prefix


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


def may_open(member: Any, address: str) -> bool:
    """Whether somebody's role opens the page at an address of their organization; what is no such page is open to all."""
    try:
        view = resolve(f"/{urlsplit(address).path.removeprefix(get_script_prefix())}").func
    except Resolver404:
        return True
    permission, place = getattr(view, "permission", None), getattr(view, "view_class", view).__module__
    return permission is None or (member is not None and member.may_open(permission, place))
