"""What every screen shares: a permission it must name, a title, the way back up."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ClassVar, Concatenate, ParamSpec
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.generic import View

P = ParamSpec("P")


class ScreenRequest(HttpRequest):
    """A request inside an organization. `member` and `organization` are set by middleware.

    They are Any because this package knows nothing of the apps above it.
    """

    member: Any
    organization: Any


def authorise(request: HttpRequest, permission: str, model: Any = None, key: UUID | None = None) -> None:
    """Let a member who may do this pass, also with the one record that the address names.

    Raises Http404 to strangers, PermissionDenied to others.
    """
    member = getattr(request, "member", None)
    if member is None:
        raise Http404
    if not member.can(permission) and not (key and member.can(permission, care_key(model, key))):
        raise PermissionDenied


def care_key(model: Any, key: UUID) -> UUID | None:
    """Of a record, the one in whose care it is: itself, unless its model names the way to another."""
    way = getattr(model, "cared_with", "pk")
    found: UUID | None = key if way == "pk" else model.objects.filter(pk=key).values_list(way, flat=True).first()
    return found


def screen(
    permission: str, *, methods: Sequence[str] = ("GET",)
) -> Callable[
    [Callable[Concatenate[ScreenRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Make a function view a screen: its methods (else 405), then its permission.

    The view carries `.permission` and `.methods`, which the tests that walk all addresses read.
    """
    allowed = {*methods, "HEAD"} if "GET" in methods else set(methods)

    def decorate(
        view: Callable[Concatenate[ScreenRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in allowed:
                refused = HttpResponseNotAllowed(methods)
                if request.method == "GET":
                    refused.content = render_to_string("405.html", request=request)
                return refused
            authorise(request, permission, key=kwargs.get("pk"))  # type: ignore[arg-type] # by the route
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        guarded.permission, guarded.methods = permission, tuple(methods)  # type: ignore[attr-defined]
        return guarded

    return decorate


class Screen(View):
    """Base of the class screens. A subclass without a permission cannot be defined.

    `title` and `breadcrumbs` ((label, URL name or path), ...) go to the frame;
    `primary_action` is (label, URL name or path, permission), hidden without it.
    """

    permission: ClassVar[str]
    title: str = ""
    lede: str = ""
    breadcrumbs: Sequence[tuple[str, str]] = ()
    primary_action: tuple[str, str, str] | None = None
    request: Any  # A ScreenRequest. The generic views declare another type, so this cannot say so.

    def __init_subclass__(cls, *, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not abstract and not getattr(cls, "permission", ""):
            message = f"{cls.__qualname__} names no permission."
            raise ImproperlyConfigured(message)

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        view = super().as_view(**initkwargs)
        view.permission = cls.permission  # type: ignore[attr-defined]
        return view

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if (request.method or "").lower() in self.http_method_names:
            authorise(request, self.permission, self._model(), kwargs.get("pk"))
        return super().dispatch(request, *args, **kwargs)

    @classmethod
    def _model(cls) -> Any:
        """Whose records its address names, where the screen says so."""
        return getattr(cls, "model", None) or getattr(getattr(cls, "queryset", None), "model", None)

    def may(self, permission: str) -> bool:
        """Whether this member may do it: everywhere, or with the one record that the address names."""
        member, key = self.request.member, self.kwargs.get("pk")
        return bool(member.can(permission) or (key and member.can(permission, care_key(self._model(), key))))

    def get_title(self) -> str:
        return self.title

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        return self.breadcrumbs

    def get_primary_action(self) -> tuple[str, str, str] | None:
        return self.primary_action

    def get_tabs(self) -> Sequence[tuple[str, str, int | None]]:
        """Tabs below the title: (label, path, count or None)."""
        return ()

    def frame(self) -> dict[str, Any]:
        """The context that templates/base.html reads."""
        return {
            "title": self.get_title(),
            "lede": self.lede,
            "breadcrumbs": [(label, path_to(name)) for label, name in self.get_breadcrumbs()],
            "tabs": self.get_tabs(),
            "primary_action": self._allowed_action(),
        }

    def wants_fragment(self) -> bool:
        """htmx asks for the rows, but not when it restores a page from its history."""
        headers = self.request.headers
        return bool(headers.get("HX-Request")) and not headers.get("HX-History-Restore-Request")

    def _allowed_action(self) -> tuple[str, str] | None:
        action = self.get_primary_action()
        if action is None or not self.request.member.can(action[2]):
            return None
        return action[0], path_to(action[1])


def path_to(name: str) -> str:
    """A path as it is, or the path of a URL name."""
    return name if not name or name.startswith("/") else reverse(name)
