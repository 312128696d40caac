"""Addresses of pages that belong to no organization, from anywhere; and where to go next, if that is ours."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from ui.links import site_path


def site_link(name: str, **kwargs: str) -> str:
    """The full address of a global page, for mail and the command line."""
    base: str = settings.PLUMBLINE_BASE_URL
    return base.rstrip("/") + site_path(name, **kwargs)


def next_path(request: HttpRequest) -> str:
    """Where `?next=` points, if that is a page of this site; otherwise the start."""
    wanted = request.GET.get("next", "")
    return wanted if is_own_path(request, wanted) else site_path("accounts:start")


def is_own_path(request: HttpRequest, wanted: str) -> bool:
    """Whether an address from outside is a path of this site. Without its slash it could be taken for the name of a route."""
    hosts = {request.get_host()}
    is_ours: bool = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure())
    return is_ours and wanted.startswith("/")


def with_next(name: str, target: str, **kwargs: str) -> str:
    """The path of a global page that afterwards leads to `target`."""
    path, start = site_path(name, **kwargs), site_path("accounts:start")
    return path if target == start else f"{path}?{urlencode({'next': target})}"
