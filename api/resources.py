"""Resources: addresses below /api/, each method of which names a permission and runs in its token's organization."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action as extra_action
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from accounts.access import Audience
from accounts.middleware import note_read, note_refusal
from api.admission import admit, read_body
from api.operations import Lists, Operation, Retrieves, Serves
from api.pagination import CursorPages
from api.parsers import AnyAccept, StrictJSONParser
from api.problems import Refused, answer_of
from api.requests import ApiRequest
from tenancy.models import Organization
from tenancy.scope import current_tenant_id, tenant
from ui.screens.base import care_key

_STANDARD = {"list", "retrieve", "create", "partial_update"}


class Resource(GenericViewSet[Any]):
    """Operations on records of one kind. `output` is how a record is shown; `tag` heads them in the reference."""

    output: ClassVar[type[BaseSerializer[Any]]]
    tag: ClassVar[str] = ""
    by_time: ClassVar[bool] = False
    holds: ClassVar[bool] = True  # whether a writer locks the row before it is compared with what the writer has seen
    operations: ClassVar[dict[str, Operation]] = {}

    queryset = None
    http_method_names = ["get", "head", "post", "patch"]
    authentication_classes = []
    permission_classes = []
    pagination_class = CursorPages
    filter_backends = []
    renderer_classes = [JSONRenderer]
    content_negotiation_class = AnyAccept
    lookup_field = "pk"
    lookup_value_converter = "uuid"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Turn the declared operations into methods; one without a permission cannot be declared."""
        super().__init_subclass__(**kwargs)
        declared = {name: one for name, one in vars(cls).items() if isinstance(one, Operation)}
        cls.operations = {**cls.operations, **declared}
        for name, operation in declared.items():
            if not operation.permission:
                raise ImproperlyConfigured(f"{cls.__qualname__}.{name} names no permission.")
            setattr(cls, name, _method(cls, name, operation))

    @classmethod
    def as_view(cls, actions: Any = None, **initkwargs: Any) -> Any:
        """Open to whoever shows a token: the resource itself asks for it."""
        view: Any = super().as_view(actions, **initkwargs)
        view.open_to = Audience.EVERYBODY
        return view

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Admit, enter the organization, answer; what answers with 400 or more is rolled back."""
        try:
            token = admit(request)
            read_body(request, with_files=self._takes_files(request))
        except Refused as refusal:
            return _private(answer_of(refusal))
        member = token.member
        member.limit(token.allowed)
        request.member, request.organization, request.user = member, member.organization, member.user  # type: ignore[attr-defined]
        request.session = {}  # type: ignore[assignment] # no browser's session lends or keeps anything
        with tenant(member.organization), member.limits.held():
            response = super().dispatch(request, *args, **kwargs)
            if (render := getattr(response, "render", None)) is not None:
                response = render()
            if response.status_code >= 400:
                transaction.set_rollback(True)
            else:
                note_read(request, self._permission())
        note_refusal(request, response, member)
        return _private(response)

    def get_parsers(self) -> list[BaseParser]:
        """JSON, and forms where files are sent."""
        return [StrictJSONParser(), MultiPartParser()] if self._takes_files(self.request) else [StrictJSONParser()]

    def _takes_files(self, request: Any) -> bool:
        """Whether what is asked for may come with files."""
        method = (getattr(request, "method", "") or "").lower()
        operation = self.operations.get(getattr(self, "action_map", {}).get(method, ""))
        return operation is not None and operation.takes_files

    def check_permissions(self, request: Any) -> None:
        """Ask for the operation's permission; an address without this method answers 405."""
        operation = self.operations.get(self.action or "")
        if operation is None:
            return
        member, place, key = request.member, type(self).__module__, self.kwargs.get("pk")
        if not member.may_open(operation.permission, place) and not (
            key and member.may_open(operation.permission, place, care_key(self._model(), key))
        ):
            raise PermissionDenied

    def _model(self) -> Any:
        """Whose records its addresses name, where the output says so."""
        return getattr(getattr(self.output, "Meta", None), "model", None)

    def _permission(self) -> str:
        """What opens the operation that was asked for."""
        operation = self.operations.get(self.action or "")
        return operation.permission if operation is not None else ""

    def get_exception_handler(self) -> Callable[..., Any]:
        """Problem details."""
        return answer_of

    def get_serializer_class(self) -> Any:
        """For the schema."""
        return self.output

    def shown(self, record: Any, *, many: bool = False) -> Any:
        """A record, or several, as JSON."""
        return self.output(record, many=many, context={"request": self.request}).data

    def find(self, request: ApiRequest, **kwargs: Any) -> Any:
        """The record that the address names, as `retrieve` finds it. Raises Http404."""
        shows = self.operations["retrieve"]
        if not isinstance(shows, Retrieves):
            raise TypeError(f"{type(self).__qualname__}.retrieve shows no record.")
        return shows.find(request, **kwargs)

    def hold(self, pk: Any = None, **_kwargs: Any) -> None:
        """Lock the record's row, so that two writers who have seen the same state come one after the other.

        The one record of an address without a key may not be there yet: its organization's row is locked.
        """
        if pk is None:
            Organization.objects.select_for_update(no_key=True).get(pk=current_tenant_id())
            return
        model: Any = self.output.Meta.model  # type: ignore[attr-defined]
        if self.holds:
            model.objects.select_for_update(of=("self",)).filter(pk=pk).first()


def _private(response: Any) -> HttpResponseBase:
    """No cache keeps it, on the way or at the program, which may keep what it reads, and its entity tag, by itself."""
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-store"
    return response  # type: ignore[no-any-return]


def _method(cls: type[Resource], name: str, operation: Operation) -> Callable[..., Any]:
    """The view's method of an operation, described for the schema."""

    def run(self: Resource, request: ApiRequest, **kwargs: Any) -> Any:
        return operation.run(self, request, **kwargs)

    run.__name__, run.__doc__ = name, operation.summary
    run.__qualname__, run.__module__ = f"{cls.__qualname__}.{name}", cls.__module__
    method: Any = run
    if name not in _STANDARD:
        words = name.strip("_").replace("_", "-")
        method = extra_action(detail=operation.detail, methods=[operation.method], url_path=words, url_name=words)(method)
    return described(cls, name, operation)(method)  # type: ignore[no-any-return]


def described(cls: type[Resource], name: str, operation: Operation) -> Callable[[Any], Any]:
    """What the schema says of an operation."""
    given = operation.input(f"{cls.__name__.removesuffix('Api')}{name.title().replace('_', '')}")
    request: Any = given
    if operation.takes_files:
        named = f"{cls.__name__.removesuffix('Api')}{name.title().replace('_', '')}"
        request = {"multipart/form-data": given, "application/json": operation.input(f"{named}Json", files=False)}
        if operation.wants_files:
            del request["application/json"]
    return extend_schema(
        operation_id=f"{cls.__name__.removesuffix('Api').lower()}_{name.strip('_')}",
        summary=operation.summary,
        description=operation.words or f"Permission: `{operation.permission}`.",
        tags=[cls.tag or cls.__name__.removesuffix("Api")],
        request=request,
        parameters=_parameters(operation),
        responses=_responses(cls, operation),
    )


def _responses(cls: type[Resource], operation: Operation) -> dict[Any, Any]:
    if isinstance(operation, Serves):
        return {(200, "*/*"): OpenApiResponse(bytes, description="The file as it was stored.")}
    shown = operation.output or cls.output
    found: dict[Any, Any] = {operation.status: shown(many=True) if operation.many else shown}
    if isinstance(operation, Retrieves):
        found[304] = OpenApiResponse(description="It has not changed since.")
    elif operation.method != "get" and operation.detail and operation.output is None:
        found[204] = OpenApiResponse(description="Done; the token's owner no longer sees the record.")
    return found


def _parameters(operation: Operation) -> list[OpenApiParameter]:
    """Search and filters of a list, headers of writes."""
    if isinstance(operation, Lists):
        searched = [OpenApiParameter("q", str, description="Words to look for.")] if operation.is_searched else []
        return searched + [_filter(one) for one in operation.known_filters()]
    if isinstance(operation, Retrieves):
        return [_header("If-None-Match", "An ETag that is known: 304 when it still holds.")]
    if operation.method == "get":
        return [OpenApiParameter(name, str, description=words) for name, words in operation.asked.items()]
    if operation.detail:
        return [_header("If-Match", "The ETag of the state that was seen, or *.", required=True)]
    return [_header("Idempotency-Key", "Any text of at most 200 characters: a request is done once for each, for a day.")]


def _filter(one: Any) -> OpenApiParameter:
    static = not callable(one.choices) and one.choices
    return OpenApiParameter(
        one.name, str, description=one.label, many=one.multiple, enum=[str(value) for value, _ in one.choices] if static else None
    )


def _header(name: str, words: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=words, required=required)
