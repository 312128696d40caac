"""A small organization urlconf whose views do what the middleware has to cope with."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import include, path, reverse

from accounts.actions import add_member
from accounts.factors import FactorFormMixin, require_recent_factor
from accounts.models import Invitation, User
from audit.actors import System
from tenancy.scope import active_tenant_id, current_tenant_id


def facts(request: Any) -> HttpResponse:
    return JsonResponse(
        {
            "tenant": str(current_tenant_id()),
            "member": str(request.member.id),
            "organizations": [one.slug for one in request.organizations],
            "reversed": reverse("facts"),
            "path": request.path,
        }
    )


def write(request: Any, status: int) -> HttpResponse:
    """Add a member, then answer with any status."""
    user = User.objects.create_user(email=f"probe{status}@acme.example", name="Probe")
    add_member(user, roles=["viewer"], actor=System("test"))
    return HttpResponse(status=status)


def denied(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def broken(request: HttpRequest) -> HttpResponse:
    User.objects.create_user(email="broken@acme.example", name="Broken")
    raise ZeroDivisionError


def late(request: HttpRequest) -> HttpResponse:
    """Renders after the view has returned, with a query."""

    class Late(SimpleTemplateResponse):
        @property
        def rendered_content(self) -> str:
            return str(Invitation.objects.count())

    return Late("nothing.html")


def stream(request: HttpRequest) -> StreamingHttpResponse:
    def rows() -> Iterator[str]:
        yield str(active_tenant_id())
        yield f" {Invitation.objects.count()}"

    return StreamingHttpResponse(rows())


def sensitive(request: HttpRequest) -> HttpResponse:
    """A form that asks for the factor, as sign-off does."""
    form = FactorFormMixin(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        return HttpResponse("done")
    return HttpResponse(form.as_p(), status=422 if form.errors else 200)


def guarded(request: HttpRequest) -> HttpResponse:
    require_recent_factor(request)
    return HttpResponse("done")


urlpatterns = [
    path("facts/", facts, name="facts"),
    path("write/<int:status>/", write),
    path("denied/", denied),
    path("broken/", broken),
    path("late/", late),
    path("stream/", stream),
    path("sensitive/", sensitive),
    path("guarded/", guarded),
    path("", include("grc.urls_organization")),  # the frame links to its places
]
