"""What a session that a provider began may do to the person's account, which may reach further than that session."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.company.reach import belongs_elsewhere, company_of
from tenancy.models import Organization

View = Callable[..., HttpResponse]


def of_this_session(request: HttpRequest) -> Organization | None:
    """The one organization that the session reaches, if a provider began it."""
    company = company_of(request)
    return None if company is None else company.organization


def own_account_page(request: HttpRequest) -> HttpResponse:
    """Say why this cannot be done here."""
    return render(request, "accounts/company/limited.html", {"there": of_this_session(request)}, status=403)


def own_account(view: View) -> View:
    """Shut a page to sessions of a provider whose person belongs to another organization too.

    Otherwise one organization's provider could set the authenticator or read the sessions with which people enter another.
    """

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return own_account_page(request) if belongs_elsewhere(request) else view(request, **kwargs)

    return guarded
