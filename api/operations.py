"""What a resource can do. Most operations stand on a screen: its rows, its form, its permission, its action."""

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from uuid import UUID

from django import forms
from django.contrib.messages.storage.base import BaseStorage
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict
from rest_framework import serializers
from rest_framework.response import Response

from accounts.factors import FactorScreenMixin
from api.etags import etag_of, is_known, must_match
from api.forms import as_post, files_in, fill, serializer_of
from api.idempotency import once
from api.pagination import RESERVED
from api.problems import Refused, invalid, pointer
from api.requests import ApiRequest
from ui.screens import FormScreen, ListScreen
from ui.screens.base import Screen
from ui.screens.listing import Filter
from workflow.once import OnceForm, OnceScreen

if TYPE_CHECKING:
    from api.resources import Resource

Data = dict[str, Any]
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OURS = (FormScreen, OnceScreen)


class Silence(BaseStorage):
    """Takes the messages that screens show to people."""

    def _get(self, *_args: Any, **_kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def _store(self, *_args: Any, **_kwargs: Any) -> list[Any]:
        return []


def opened(screen_class: type[Screen], request: ApiRequest, **kwargs: Any) -> Any:
    """A screen within the request, as far as it goes before it answers."""
    inner: Any = request._request  # noqa: SLF001 - DRF documents it
    inner._messages = Silence(inner)  # noqa: SLF001 - where Django looks for them
    screen = screen_class()
    screen.setup(inner, **kwargs)
    return screen


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one address. Its permission is asked before it runs."""

    permission: str = ""
    summary: str = ""
    words: str = ""  # instead of the permission's name in the schema
    output: type[serializers.BaseSerializer[Any]] | None = None
    asked: dict[str, str] = field(default_factory=dict)  # parameters of an address that is neither a list nor a record

    method: ClassVar[Literal["get", "post", "patch"]] = "post"
    status: int = 200

    @property
    def detail(self) -> bool:
        """Whether its address names a record."""
        return False

    @property
    def many(self) -> bool:
        """Whether it answers with pages of records."""
        return False

    def run(self, resource: "Resource", request: ApiRequest, **kwargs: Any) -> Any:
        """Do it."""
        raise NotImplementedError

    def input(self, name: str, *, files: bool = True) -> type[serializers.Serializer[Any]] | None:
        """What is sent, if anything; `name` is the schema's."""
        return None

    @property
    def takes_files(self) -> bool:
        """Whether it can be sent as a form with files."""
        return False

    @property
    def wants_files(self) -> bool:
        """Whether it is nothing without a file."""
        return False


@dataclass(frozen=True, kw_only=True)
class _OnScreen(Operation):
    screen: type[Any]

    def __post_init__(self) -> None:
        """The permission is the screen's; one that asks for a second factor is for people."""
        if issubclass(self.screen, FactorScreenMixin):
            raise ImproperlyConfigured(f"{self.screen.__qualname__} asks for a second factor, which a token cannot show.")
        if not self.permission:
            object.__setattr__(self, "permission", self.screen.permission)
        if not self.summary:
            object.__setattr__(self, "summary", (self.screen.__doc__ or "").strip().splitlines()[0])


@dataclass(frozen=True, kw_only=True)
class OfMany(Operation):
    """Pages of rows: all of a kind, or with `below` those of one record."""

    below: bool = False

    method = "get"

    @property
    def detail(self) -> bool:
        """Whether its address names a record."""
        return self.below

    @property
    def many(self) -> bool:
        """Pages of rows."""
        return True


@dataclass(frozen=True, kw_only=True)
class Lists(OfMany, _OnScreen):
    """The rows of a list, with its search and filters. `filters` names those that depend on the organization."""

    filters: Sequence[str] = ()
    also: Sequence[str] = ()  # parameters of the screen's address besides its filters
    widen: Callable[[Any], Any] | None = None  # what the rows need besides what the screen fetches

    def run(self, resource: "Resource", request: ApiRequest, **kwargs: Any) -> Response:
        """A page of the rows that match."""
        screen = opened(self.screen, request, **kwargs)
        screen.read_address()
        _check_address(screen, request, self)
        found = screen.filtered()
        rows = resource.paginate_queryset(self.widen(found) if self.widen else found)
        shown = self.output or resource.output
        return resource.get_paginated_response(shown(rows, many=True, context={"request": request}).data)

    @property
    def is_searched(self) -> bool:
        """Whether it takes words to look for."""
        return bool(self.screen.search_fields) or self.screen.search is not ListScreen.search

    def known_filters(self) -> list[Filter]:
        """Those that can be told without a request."""
        own = [one for one in self.screen.filters if isinstance(one, Filter)]
        return own + [Filter(name, name, choices=()) for name in self.filters]


def _check_address(screen: Any, request: ApiRequest, lists: Lists) -> None:
    """A misspelt filter must not look like one that matches everything. Raises Refused."""
    choices: dict[str, set[str]] = {name: set() for name in lists.filters}
    choices |= {name: {value for value, _ in options} for name, options in screen.choices.items()}
    known = RESERVED | {"q", *lists.also} | set(choices)
    for name, values in request.query_params.lists():
        if name not in known:
            raise Refused(400, f"There is no parameter {name[:60]!r} here.")
        if name in choices and not set(values) <= choices[name]:
            raise Refused(400, f"The parameter {name} does not have this value.")


@dataclass(frozen=True, kw_only=True)
class Retrieves(Operation):
    """One record."""

    method = "get"

    @property
    def detail(self) -> bool:
        """Its address names a record."""
        return True

    def run(self, resource: "Resource", request: ApiRequest, **kwargs: Any) -> Response:
        """The record and its entity tag; 304 for those who have it."""
        data = resource.shown(resource.find(request, **kwargs))
        etag = etag_of(data)
        if is_known(request, etag):
            return Response(status=304, headers={"ETag": etag})
        return Response(data, headers={"ETag": etag})

    def find(self, request: ApiRequest, **kwargs: Any) -> Any:
        """The record. Raises Http404."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Shows(Retrieves, _OnScreen):
    """One record, as the screen finds it."""

    def find(self, request: ApiRequest, **kwargs: Any) -> Any:
        """The record. Raises Http404."""
        screen = opened(self.screen, request, **kwargs)
        if not issubclass(self.screen, ListScreen):
            return screen.get_object()
        found = screen.get_queryset().filter(pk=kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found


@dataclass(frozen=True, kw_only=True)
class _Form(Operation):
    form: type[forms.BaseForm] | None = None

    @property
    def form_class(self) -> type[forms.BaseForm] | None:
        """What is filled in."""
        return self.form

    @property
    def takes_files(self) -> bool:
        """Files come as multipart/form-data."""
        return self.form_class is not None and bool(files_in(self.form_class))

    @property
    def wants_files(self) -> bool:
        """Whether one is required."""
        return self.form_class is not None and self.method == "post" and any(one.required for one in files_in(self.form_class))

    def input(self, name: str, *, files: bool = True) -> type[serializers.Serializer[Any]] | None:
        """The form's fields."""
        made: Any = self.form_class
        shown = made is not None and any(not one.widget.is_hidden for one in made.base_fields.values())
        return serializer_of(made, name, partial=self.method == "patch", files=files) if made is not None and shown else None

    def read(self, resource: "Resource", request: ApiRequest) -> Data:
        """What was sent, by type. Raises ValidationError."""
        as_form = isinstance(request.data, QueryDict)
        made = self.input("Given", files=as_form)
        if made is None:
            return {}
        # A form leaves out boxes that are not ticked; what it must not leave out, the screen's form knows.
        reader = made(data=request.data, context={"request": request}, partial=as_form)
        reader.is_valid(raise_exception=True)
        unknown = [name for name in request.data if name not in reader.fields]
        if unknown:
            raise invalid((pointer(name), "There is no such field.") for name in unknown)
        return dict(reader.validated_data)


def checked(form: Any) -> Any:
    """The form once its own checks have passed. Raises Refused with a pointer for each that has not."""
    if form.is_valid():
        if isinstance(form, OnceForm):
            form.cleaned_data.pop("once", None)
        return form
    errors = form.errors.get_json_data()
    raise invalid(
        (pointer(*(() if name == "__all__" else (name,))), one["message"]) for name, all_ in errors.items() for one in all_
    )


@dataclass(frozen=True, kw_only=True)
class _FormScreen(_OnScreen, _Form):
    def __post_init__(self) -> None:
        """What a screen's own post() would check or do cannot be skipped."""
        super().__post_init__()
        for name in ("dispatch", "post", "form_valid"):
            if getattr(self.screen, name) not in {getattr(one, name) for one in _OURS}:
                raise ImproperlyConfigured(f"{self.screen.__qualname__}.{name} is its own: declare an Acts instead.")

    @property
    def form_class(self) -> type[forms.BaseForm] | None:
        """The screen's."""
        found: type[forms.BaseForm] = self.screen.form_class
        return found

    def perform(self, screen: FormScreen, given: Data, files: Any) -> Any:
        """Fill the form as a browser would, and act. Returns what the action leads to."""
        screen.request.POST = as_post(given)  # some screens look there for what is chosen
        kwargs = screen.get_form_kwargs()
        made: Any = screen.get_form_class()
        empty = {key: value for key, value in kwargs.items() if key not in {"data", "files"}}
        form = made(**empty, data=fill(made(**empty), given), files=files)
        return screen.act(checked(form))


@dataclass(frozen=True, kw_only=True)
class Creates(_FormScreen):
    """A new record by a screen's form; once for each Idempotency-Key."""

    status: int = 201

    def run(self, resource: "Resource", request: ApiRequest, **kwargs: Any) -> Any:
        """Make it and show it."""
        return once(request, lambda: self._make(resource, request, **kwargs))

    def _make(self, resource: "Resource", request: ApiRequest, **kwargs: Any) -> Response:
        given = self.read(resource, request)
        screen = opened(self.screen, request, **kwargs)
        screen.load()
        key = key_of(self.perform(screen, given, files_of(request)))
        data = resource.shown(resource.find(request, pk=key))
        return Response(data, status=201, headers={"Location": f"{request.path}/{key}", "ETag": etag_of(data)})


def key_of(made: Model | str) -> UUID:
    """The key of what was made, from the record or from the address its screen leads to. Raises Refused for several."""
    if isinstance(made, Model):
        key: UUID = made.pk
        return key
    if (found := _KEY.search(made)) is None:
        raise Refused(422, "Make one at a time here.")
    return UUID(found[0])


def files_of(request: ApiRequest) -> MultiValueDict[str, Any]:
    """The files that came along."""
    found: MultiValueDict[str, Any] = request._request.FILES  # noqa: SLF001 - DRF documents it
    return found


@dataclass(frozen=True, kw_only=True)
class _OnRecord(Operation):
    @property
    def detail(self) -> bool:
        """Its address names a record."""
        return True

    def run(self, resource: "Resource", request: ApiRequest, **kwargs: Any) -> Response:
        """Write, for those who have seen the record as it is."""
        resource.hold(**kwargs)
        record = resource.find(request, **kwargs)
        must_match(request, etag_of(resource.shown(record)))
        outcome = self.write(resource, request, record, **kwargs)
        if self.output is not None:
            return Response(self.output(outcome, context={"request": request}).data, status=self.status)
        try:
            data = resource.shown(resource.find(request, **kwargs))
        except Http404:  # it was handed to somebody else
            return Response(status=204)
        return Response(data, headers={"ETag": etag_of(data)})

    def write(self, resource: "Resource", request: ApiRequest, record: Any, **kwargs: Any) -> Any:
        """Do it. Raises ActionRefused."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Does(_OnRecord, _FormScreen):
    """An act on one record by a screen's form."""

    def write(self, resource: "Resource", request: ApiRequest, record: Any, **kwargs: Any) -> Any:
        """Act as the screen does."""
        given = self.read(resource, request)
        screen = opened(self.screen, request, **kwargs)
        screen.load()
        return self.perform(screen, given, files_of(request))


@dataclass(frozen=True, kw_only=True)
class Changes(Does):
    """New values for some fields of a record; the others stay as they are."""

    method = "patch"


@dataclass(frozen=True, kw_only=True)
class Acts(_OnRecord, _Form):
    """An act on one record by a function: `do(request, record, **cleaned)`, its input checked by `form`."""

    do: Callable[..., Any]

    def write(self, resource: "Resource", request: ApiRequest, record: Any, **kwargs: Any) -> Any:
        """Check and act."""
        given = self.read(resource, request)
        cleaned: Data = {}
        if self.form is not None:
            made: Any = self.form
            cleaned = checked(made(data=fill(made(), given), files=files_of(request))).cleaned_data
        return self.do(request, record, **cleaned)


@dataclass(frozen=True, kw_only=True)
class Begins(Operation):
    """Long work about no one record: `do(request)` gives its job, which a worker does; once for each Idempotency-Key."""

    do: Callable[[ApiRequest], Any]
    status: int = 202

    def run(self, resource: "Resource", request: ApiRequest, **kwargs: Any) -> Any:
        """Begin it and show the job."""
        shown = self.output or resource.output
        return once(request, lambda: Response(shown(self.do(request), context={"request": request}).data, status=self.status))


@dataclass(frozen=True, kw_only=True)
class _Asked(Operation):
    """With parameters of its own; those that are not sent are empty, and one that is made up is refused."""

    method = "get"

    def answers(self, request: ApiRequest) -> dict[str, str]:
        """What was asked. Raises Refused."""
        refuse_unknown(request, self.asked)
        return {name: request.query_params.get(name, "") for name in self.asked}


def refuse_unknown(request: ApiRequest, known: Container[str]) -> None:
    """Raise Refused for a parameter that is not there: misspelt, it would be passed over."""
    for name in request.query_params:
        if name not in known:
            raise Refused(400, f"There is no parameter {name[:60]!r} here.")


@dataclass(frozen=True, kw_only=True)
class Tells(_Asked):
    """Something worked out: `do(request, **asked)` gives what `output` shows. With `below`, `do(request, record, **asked)`."""

    do: Callable[..., Any]
    below: bool = False

    @property
    def detail(self) -> bool:
        """Whether its address names a record."""
        return self.below

    def run(self, resource: "Resource", request: ApiRequest, **kwargs: Any) -> Response:
        """Work it out."""
        asked = self.answers(request)
        about = (resource.find(request, **kwargs),) if self.below else ()
        return Response((self.output or resource.output)(self.do(request, *about, **asked), context={"request": request}).data)


@dataclass(frozen=True, kw_only=True)
class Serves(_Asked):
    """A file of one record: `do(request, record, **asked)` gives the response. Raises Http404."""

    do: Callable[..., HttpResponseBase]

    @property
    def detail(self) -> bool:
        """Its address names a record."""
        return True

    def run(self, resource: "Resource", request: ApiRequest, **kwargs: Any) -> HttpResponseBase:
        """The file."""
        asked = self.answers(request)
        return self.do(request, resource.find(request, **kwargs), **asked)
