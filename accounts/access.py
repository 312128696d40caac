"""Who may open a page that belongs to no organization. A view that says nothing is for people with a shown factor."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from accounts.company.reach import serves
from accounts.links import is_own_path, with_next
from accounts.models.passkey import has_factor
from accounts.people import signed_in
from ui.links import site_path

View = TypeVar("View", bound=Callable[..., object])


class Audience(StrEnum):
    """Whom a view is open to."""

    EVERYBODY = "everybody"
    SIGNED_IN = "signed_in"  # by password or a provider; the second factor may be missing
    VERIFIED = "verified"


def open_to(audience: Audience) -> Callable[[View], View]:
    """Open a view to more people than those who have shown a second factor."""

    def mark(view: View) -> View:
        view.open_to = audience  # type: ignore[attr-defined]
        return view

    return mark


def audience_of(view: Callable[..., object]) -> Audience:
    """Whom the view is open to."""
    return getattr(view, "open_to", Audience.VERIFIED)


def is_verified(request: HttpRequest) -> bool:
    """Whether the person has signed in and shown a second factor in this session: their own, or where it serves a provider's."""
    if not request.user.is_authenticated:
        return False
    return bool(request.user.is_verified()) or serves(request)  # type: ignore[attr-defined]


def gate(request: HttpRequest, audience: Audience) -> HttpResponse | None:
    """The step that is still missing before the page, as a redirect; None when it is open."""
    if audience == Audience.EVERYBODY or is_verified(request):
        return None
    if not request.user.is_authenticated:
        return _lead_to(request, "accounts:sign_in")
    if audience == Audience.SIGNED_IN:
        return None
    return _lead_to(request, factor_step(request))


def factor_step(request: HttpRequest) -> str:
    """The page on which a person who has signed in goes on."""
    return "accounts:verify" if has_factor(signed_in(request)) else "accounts:enrol"


def _lead_to(request: HttpRequest, name: str) -> HttpResponse:
    """Redirect to a step, and afterwards back to what was asked for if asking again is harmless, else to the page before."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(with_next(name, _page_of(request, "HX-Current-URL")))
    target = request.get_full_path() if request.method in {"GET", "HEAD"} else _page_of(request, "Referer")
    return redirect(with_next(name, target))


def _page_of(request: HttpRequest, header: str) -> str:
    """The page that a header says the person looks at, if it is one of ours; otherwise the start."""
    there = urlsplit(request.headers.get(header, ""))
    path = urlunsplit(("", "", there.path, there.query, ""))
    is_here = (there.scheme, there.netloc) == (request.scheme, request.get_host())
    return path if is_here and is_own_path(request, path) else site_path("accounts:start")
