"""Fields whose values are sealed in the database and open in Python: they are read and written like any other text.

What the database gives stays sealed until somebody reads it; what is written is sealed when its row is saved. A write that goes
past the row, such as `update()` of a query, is refused. Each is in keys/fields.py under its label.
"""

import json
import unicodedata
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, validate_email
from django.db import models
from django.db.models import Q

from accounts.sealing import KeyDestroyed, SealingError, blind_index, blind_indexes, seal, unseal

DESTROYED = "Cannot be read: its key was destroyed."
INDEX_LENGTH = 64  # of a blind index: HMAC-SHA256 in hexadecimal


class Stored(str):
    """A value as the database has it: sealed, or empty."""

    __slots__ = ()


def stored(row: models.Model, name: str) -> str:
    """A value of a row as the database has it, whether its field opens by itself or not."""
    return str(row.__dict__[name])


def spelled_alike(text: str) -> str:
    """What a blind index is made of: the same for spellings that differ by case, white space or composition alone."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


class _Opening:
    """Opens a value when it is read."""

    def __init__(self, field: Any) -> None:
        self.field = field

    def __get__(self, row: models.Model | None, owner: type[models.Model] | None = None) -> Any:
        """The value itself; of a class, this."""
        if row is None:
            return self
        name = self.field.attname
        if name not in row.__dict__:
            row.refresh_from_db(fields=[name])
        return self.field.opened(row.__dict__[name], row)

    def __set__(self, row: models.Model, value: Any) -> None:
        """Keep it as it is: it is sealed when the row is saved."""
        row.__dict__[self.field.attname] = value


class _Sealed(models.TextField):  # type: ignore[type-arg] # generic for the type checker only
    descriptor_class = _Opening

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        self.label = label
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """For migrations it is a text like any other."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        """As it is stored."""
        return None if value is None else Stored(value)

    def pre_save(self, model_instance: Any, add: bool) -> Any:  # noqa: FBT001 - as Django calls it
        """What was written is sealed now; what was not touched stays as it is stored."""
        value = model_instance.__dict__.get(self.attname, "")
        return value if isinstance(value, Stored) else self.sealed(value, model_instance)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Raises SealingError for what is not sealed."""
        if isinstance(value, str | list) and value and not isinstance(value, Stored):
            raise SealingError(f"{self.model._meta.label}.{self.name} is sealed: save its row.")
        return super().get_db_prep_save(value or "" if isinstance(value, list) else value, connection)

    def sealed(self, value: Any, row: Any) -> Stored:
        """A value as it is stored in a row. Raises SealingError."""
        text = self.as_text(value)
        place = {"label": self.label, "row_id": row.pk, "tenant_id": row.tenant_id}
        return Stored(seal(text.encode(), **place) if text else "")

    def opened(self, value: Any, row: Any) -> Any:
        """A value of a row, opened where it is as stored; that it cannot be read, where the key was destroyed.

        Raises SealingError.
        """
        if not isinstance(value, Stored):
            return value
        try:
            place = {"label": self.label, "row_id": row.pk, "tenant_id": row.tenant_id}
            return self.from_text(unseal(value, **place).decode() if value else "")
        except KeyDestroyed:
            return self.unreadable()

    def as_text(self, value: Any) -> str:
        """What is sealed."""
        raise NotImplementedError

    def from_text(self, text: str) -> Any:
        """The value again."""
        raise NotImplementedError

    def unreadable(self) -> Any:
        """What stands in its place."""
        raise NotImplementedError


class SealedTextField(_Sealed):
    """A text of several lines."""

    def as_text(self, value: str) -> str:
        """As it is."""
        return value

    def from_text(self, text: str) -> str:
        """As it was."""
        return text

    def unreadable(self) -> str:
        """A sentence."""
        return DESTROYED

    @cached_property
    def validators(self) -> list[Any]:
        """With its greatest length: the column holds more, as it is sealed."""
        return [*super().validators, *([MaxLengthValidator(self.max_length)] if self.max_length else [])]


class SealedCharField(SealedTextField):
    """A text of one line."""

    def formfield(self, **kwargs: Any) -> Any:
        """A field of one line."""
        return super().formfield(**{"widget": forms.TextInput, **kwargs})


class SealedEmailField(SealedTextField):
    """An e-mail address."""

    default_validators = [validate_email]

    def formfield(self, **kwargs: Any) -> Any:
        """A field for an address."""
        return super().formfield(**{"form_class": forms.EmailField, "widget": forms.EmailInput, **kwargs})


class SealedLinesField(_Sealed):
    """Short texts, one a line in forms and files."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"default": list, "blank": True, **kwargs})

    def deconstruct(self) -> Any:
        """For migrations it is a text that is empty at first."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {key: value for key, value in kwargs.items() if key != "default"} | {"default": ""}

    def to_python(self, value: Any) -> Any:
        """As it is."""
        return value

    def as_text(self, value: list[str]) -> str:
        """JSON, or nothing for none."""
        return json.dumps(value, ensure_ascii=False) if value else ""

    def from_text(self, text: str) -> list[str]:
        """The list again."""
        return list(json.loads(text)) if text else []

    def unreadable(self) -> list[str]:
        """A sentence."""
        return [DESTROYED]


class BlindIndexField(models.CharField):  # type: ignore[type-arg] # generic for the type checker only
    """By which a sealed text is found again: a keyed hash of it, under a key that only this organization has."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"max_length": INDEX_LENGTH, "blank": True, "default": "", "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        """For migrations it is a text like any other."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, model_instance: Any, add: bool) -> str:  # noqa: FBT001 - as Django calls it
        """Made anew of what the row says."""
        text = getattr(model_instance, self.of)
        return self.of_text(text, model_instance.tenant_id) if text != DESTROYED else ""

    def of_text(self, text: str, tenant_id: Any) -> str:
        """The index of a text; none of an empty one."""
        return blind_index(spelled_alike(text), label=self.label, tenant_id=tenant_id) if text.strip() else ""

    @property
    def label(self) -> str:
        """That of the sealed field."""
        return str(self.model._meta.get_field(self.of).label)  # type: ignore[union-attr] # a sealed one


class Indexed(models.Model):
    """A row with blind indexes: they follow when what they are made of is saved."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save the indexes of what is saved too."""
        if update_fields is not None:
            asked = set(update_fields)
            update_fields = {*asked, *(one.name for one in indexes_of(type(self)).values() if one.of in asked)}
        super().save(*args, update_fields=update_fields, **kwargs)


def indexes_of(model: type[models.Model]) -> dict[str, BlindIndexField]:
    """The blind indexes of a model, by the field that each is made of."""
    return {field.of: field for field in model._meta.concrete_fields if isinstance(field, BlindIndexField)}


def saying(model: type[models.Model], name: str, texts: Iterable[str]) -> Q:
    """Rows of the active organization whose sealed field says one of these texts, by its blind index."""
    field = indexes_of(model)[name]
    wanted = {spelled_alike(text) for text in texts} - {""}
    return Q(**{f"{field.name}__in": [one for text in wanted for one in blind_indexes(text, label=field.label)]})


def sealed_in(model: type[models.Model]) -> set[str]:
    """The fields of a model that are sealed and open by themselves."""
    return {field.name for field in model._meta.concrete_fields if isinstance(field, _Sealed)}


def opened(model: type[models.Model], name: str, value: Any, key: Any) -> Any:
    """A value as a query for values gave it, of the active organization's row with this key. Raises SealingError."""
    field: Any = model._meta.get_field(name)
    return field.opened(value, model(pk=key))
