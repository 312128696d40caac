"""A call in the API: it needs no entity tag, because it changes nothing that somebody could have seen."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from rest_framework import serializers
from rest_framework.response import Response

from api.forms import serializer_of
from api.operations import Operation, checked
from api.problems import Refused
from api.requests import ApiRequest
from monitoring.calling.forms import CallForm
from monitoring.calling.taking import take_call
from monitoring.models import Check

if TYPE_CHECKING:
    from api.resources import Resource


class TakenSerializer(serializers.Serializer[Any]):
    """What a call made of the check."""

    health = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True)
    called_at = serializers.DateTimeField()


@dataclass(frozen=True, kw_only=True)
class Calls(Operation):
    """A job or a program calls."""

    form_class: ClassVar[type[forms.Form]] = CallForm

    @property
    def detail(self) -> bool:
        """Its address names a check."""
        return True

    def input(self, name: str, *, files: bool = True) -> type[serializers.Serializer[Any]] | None:
        """Nothing is required."""
        return serializer_of(CallForm, name, files=files)

    def run(self, resource: "Resource", request: ApiRequest, **kwargs: Any) -> Response:
        """Take it in. Raises ActionRefused and Refused."""
        check = Check.objects.filter(pk=kwargs["pk"]).first()
        if check is None:  # before anything is said of what was sent
            raise Refused(404, "There is no such check.")
        given: Any = request.data or {}
        reader = serializer_of(CallForm, "Given")(data=given)
        reader.is_valid(raise_exception=True)
        form = checked(CallForm({name: value for name, value in reader.validated_data.items() if value not in (None, False)}))
        taken = take_call(check, **form.cleaned_data)
        data = TakenSerializer({"health": taken.health, "since": taken.since, "called_at": taken.called_at}).data
        return Response(data, status=201)
