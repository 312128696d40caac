"""Finding one's organization's sign-in, and entering without it when it does not work."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Audience, open_to
from accounts.company.actions import break_glass
from accounts.company.reach import is_companys, memberships_of, note_glass, refuses_passwords
from accounts.company.signing import inside, organization_named, providers_of
from accounts.factors import FactorFormMixin
from accounts.links import with_next
from accounts.models import IdentityProvider, Member
from accounts.people import signed_in
from accounts.roles import ADMINISTRATOR
from tenancy.models import Organization
from tenancy.scope import tenant
from ui.links import site_path

_NONE = "No organization of this name signs in by company accounts."


class FindForm(forms.Form):
    """The organization, as its addresses have it."""

    organization = forms.SlugField(
        label="Organization",
        max_length=40,
        help_text="Its short name, as in the address of its pages: /o/short-name/",
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True, "autocapitalize": "none"}),
    )

    def clean_organization(self) -> str:
        """One that has a provider. The others are not told apart from those that do not exist."""
        slug: str = self.cleaned_data["organization"]
        if not providers_of(organization_named(slug)):
            raise forms.ValidationError(_NONE)
        return slug


class WithoutForm(FactorFormMixin):
    """Why."""

    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as: the provider does not answer since 9:20. Every administrator is told, and the trail keeps it.",
    )


@open_to(Audience.EVERYBODY)
@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Which organization."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(site_path("accounts:company", slug=form.cleaned_data["organization"]))
    return render(request, "accounts/company/choose.html", {"form": form}, status=422 if form.errors else 200)


@open_to(Audience.EVERYBODY)
@never_cache
@require_GET
def company(request: HttpRequest, slug: str) -> HttpResponse:
    """The providers of an organization, as buttons."""
    organization = organization_named(slug)
    found = providers_of(organization)
    if organization is None or not (found or refuses_passwords(organization)):
        return render(request, "accounts/company/none.html", {"sentence": _NONE}, status=404)
    context = {
        "there": organization,
        "ways": ways(request, organization, found, request.GET.get("next", "")),
        "may_enter_without": _may_enter_without(request, organization),
    }
    return render(request, "accounts/company/company.html", context)


def ways(
    request: HttpRequest, organization: Organization, providers: list[IdentityProvider], wanted: str
) -> list[tuple[IdentityProvider, str]]:
    """Each provider, and the address at which signing in by it begins."""
    target = inside(request, organization, wanted)
    return [(one, with_next("accounts:company_begin", target, slug=organization.slug, pk=str(one.pk))) for one in providers]


def joins(organization: Organization, path: str) -> list[tuple[IdentityProvider, str]]:
    """Each provider, and the address at which an invitation is answered by it; `path` is the invitation's."""
    return [(one, f"{path}{one.pk}/") for one in providers_of(organization)]


def ways_to(request: HttpRequest, target: str) -> tuple[Organization | None, list[tuple[IdentityProvider, str]]]:
    """The organization that a path leads into, and its providers."""
    parts = target.split("/")
    organization = organization_named(parts[2]) if len(parts) > 3 and parts[1] == "o" else None
    return (organization, ways(request, organization, providers_of(organization), target)) if organization else (None, [])


@never_cache
@require_http_methods(["GET", "POST"])
def without(request: HttpRequest, slug: str) -> HttpResponse:
    """An administrator enters by password, with a reason, for an hour; everybody who administers is told."""
    organization = organization_named(slug)
    member = None if organization is None else _administrator(request, organization)
    if organization is None or member is None or is_companys(request.session):
        return render(request, "accounts/company/none.html", {"sentence": "Only administrators can do this."}, status=403)
    form = WithoutForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        with tenant(organization):
            break_glass(member, reason=form.cleaned_data["reason"])
        note_glass(request, organization)
        return redirect(organization.get_absolute_url())
    context = {"form": form, "there": organization}
    return render(request, "accounts/company/without.html", context, status=422 if form.errors else 200)


def _may_enter_without(request: HttpRequest, organization: Organization) -> bool:
    return bool(
        request.user.is_authenticated and not is_companys(request.session) and _administrator(request, organization) is not None
    )


def _administrator(request: HttpRequest, organization: Organization) -> Member | None:
    """Who administers an organization that refuses passwords, if that is the person at the keyboard."""
    mine = memberships_of(signed_in(request)).filter(organization=organization).first()
    return mine if mine is not None and mine.company_only and ADMINISTRATOR in mine.roles else None  # type: ignore[attr-defined]
