"""A screen's form as the input of the API: the same fields, checks and words, as JSON."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.datastructures import MultiValueDict
from rest_framework import serializers

_PLAIN: tuple[tuple[type[forms.Field], type[serializers.Field[Any, Any, Any, Any]]], ...] = (
    (forms.FloatField, serializers.FloatField),
    (forms.IntegerField, serializers.IntegerField),
    (forms.DateTimeField, serializers.DateTimeField),
    (forms.DateField, serializers.DateField),
    (forms.UUIDField, serializers.UUIDField),
)
_EMPTY: tuple[Any, ...] = (None, "", [])
_UNSAID: list[Any] = [None, ""]


class ObjectField(forms.JSONField):
    """A JSON object of texts, such as a note for each criterion; it may be empty."""

    empty_values = _UNSAID


def serializer_of(form_class: Any, name: str, *, partial: bool = False, files: bool = True) -> type[serializers.Serializer[Any]]:
    """The input that `form_class` describes; with `partial` nothing is required."""
    fields = {
        key: _field(field, required=not partial and field.required and field.initial in _EMPTY)
        for key, field in form_class.base_fields.items()
        if not field.widget.is_hidden and (files or not isinstance(field, forms.FileField))
    }
    return type(name, (serializers.Serializer,), {**fields, "__doc__": form_class.__doc__})


def files_in(form_class: Any) -> list[forms.FileField]:
    """The fields that take files."""
    return [field for field in form_class.base_fields.values() if isinstance(field, forms.FileField)]


def _field(field: forms.Field, *, required: bool) -> serializers.Field[Any, Any, Any, Any]:
    """One field. What the form still checks is left to it: choices that depend on the organization, and whole records."""
    said: dict[str, Any] = {"required": required, "help_text": _words(field)}
    one: dict[str, Any] = {} if field.required else {"allow_null": True}
    if isinstance(field, forms.BooleanField):
        return serializers.BooleanField(**said)
    if isinstance(field, forms.FileField):
        return _files(field, said)
    if isinstance(field, forms.ChoiceField):
        return _chosen(field, said, one)
    if isinstance(field, ObjectField):
        return serializers.DictField(child=serializers.CharField(allow_blank=True), **said)
    if isinstance(field, forms.DecimalField):  # to Django it is a kind of IntegerField
        return serializers.DecimalField(max_digits=field.max_digits, decimal_places=field.decimal_places, **said, **one)
    for kind, made in _PLAIN:
        if isinstance(field, kind):
            return made(**said, **one)
    return _text(field, said)


def _files(field: forms.FileField, said: dict[str, Any]) -> serializers.Field[Any, Any, Any, Any]:
    if getattr(field.widget, "allow_multiple_selected", False):
        return serializers.ListField(child=serializers.FileField(allow_empty_file=True), **said)
    return serializers.FileField(allow_empty_file=True, **said)


def _chosen(field: forms.ChoiceField, said: dict[str, Any], one: dict[str, Any]) -> serializers.Field[Any, Any, Any, Any]:
    if isinstance(field, forms.ModelMultipleChoiceField):
        return serializers.ListField(child=serializers.UUIDField(), **said)
    if isinstance(field, forms.ModelChoiceField):
        return serializers.UUIDField(**said, **one)
    if isinstance(field, forms.MultipleChoiceField):
        return serializers.ListField(child=_choice(field), **said)
    return _choice(field, **said)


def _choice(field: Any, **said: Any) -> serializers.Field[Any, Any, Any, Any]:
    known = [(value, label) for value, label in field.choices if value != ""]
    blank: dict[str, Any] = {} if field.required else {"allow_blank": True}
    return serializers.ChoiceField(choices=known, **blank, **said) if known else serializers.CharField(**blank, **said)


def _text(field: forms.Field, said: dict[str, Any]) -> serializers.Field[Any, Any, Any, Any]:
    most = getattr(field, "max_length", None)
    if takes_lines(field):
        longest = getattr(field, "longest_line", 200)
        return serializers.ListField(child=serializers.CharField(max_length=longest), **said)
    if isinstance(field, forms.EmailField):
        return serializers.EmailField(max_length=most, allow_blank=not field.required, **said)
    return serializers.CharField(max_length=most, allow_blank=not field.required, **said)


def takes_lines(field: forms.Field) -> bool:
    """Whether it is a text area of which each line is a value."""
    return isinstance(field, forms.CharField) and isinstance(field.prepare_value([]), str)


def _words(field: forms.Field) -> str:
    return ". ".join(str(part).rstrip(".") for part in (field.label, field.help_text) if part)


def fill(form: forms.BaseForm, given: Mapping[str, Any]) -> MultiValueDict[str, str]:
    """What a browser would send: the values given, and of all other fields what the form shows."""
    data: MultiValueDict[str, str] = MultiValueDict()
    for name, field in form.fields.items():
        if not isinstance(field, forms.FileField):
            value = given[name] if name in given else form.get_initial_for_field(field, name)
            data.setlist(form.add_prefix(name), _sent(field, value))
    return data


def as_post(given: Mapping[str, Any]) -> MultiValueDict[str, str]:
    """The values alone, as request.POST has them."""
    return MultiValueDict(
        {name: [_one(one) for one in value] if isinstance(value, list) else [_one(value)] for name, value in given.items()}
    )


def _sent(field: forms.Field, value: Any) -> list[str]:
    """A value as a browser sends it."""
    if takes_lines(field) or isinstance(field, forms.JSONField):
        value = field.prepare_value(value)
    if value is None:
        return []
    if isinstance(value, bool):
        return ["true"] if value else []
    if isinstance(value, str | int | float | dt.date | Model):
        return [_one(value)]
    if isinstance(value, Mapping):
        return [json.dumps(value)]
    return [_one(one) for one in value] if hasattr(value, "__iter__") else [str(value)]


def _one(value: Any) -> str:
    if isinstance(value, Model):
        return str(value.pk)
    return value.isoformat() if isinstance(value, dt.date) else str(value)
