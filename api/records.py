"""How records are shown."""

from typing import Any, TypeVar

from django.db import models
from rest_framework import serializers

M = TypeVar("M", bound=models.Model)


class RecordSerializer(serializers.ModelSerializer[M]):
    """A record as it is read: every field is there, none is written. Other records are named by their keys."""

    def get_fields(self) -> dict[str, Any]:
        """All for reading only."""
        fields: dict[str, Any] = super().get_fields()
        for field in fields.values():
            field.read_only, field.required = True, False
        return fields
