"""Data keys: 32 random bytes each, wrapped by a master key. Those of an organization stand behind its wall."""

import datetime as dt
from typing import ClassVar

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from tenancy.ids import uuid7
from tenancy.models import TenantModel
from tenancy.scope import now

OLD = dt.timedelta(days=365)  # from then on a key in use should be replaced
NAME_LENGTH = 12  # hexadecimal digits by which a key is called


class Purpose(models.TextChoices):
    """What a data key is for: values of one purpose can be read, rotated and destroyed without those of the other."""

    GENERAL = "general", "Secrets"
    PERSONAL = "personal", "Personal data"


class _Wrapped(models.Model):
    """A key as it is stored. One that is retired opens what it sealed; one that is destroyed has nothing left to unwrap."""

    purpose = models.CharField(max_length=8, choices=Purpose)
    master = models.CharField("master key", max_length=16, editable=False)  # the name of that which wraps it
    wrapped = models.TextField(editable=False)
    made_at = models.DateTimeField("made", db_default=TransactionNow(), editable=False)
    retired_at = models.DateTimeField("replaced", null=True, editable=False)
    destroyed_at = models.DateTimeField("destroyed", null=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.name}"

    @property
    def name(self) -> str:
        """How people call it: the last digits of its id, which are random."""
        return str(self.pk.hex)[-NAME_LENGTH:]

    @property
    def is_current(self) -> bool:
        """Whether new values are sealed with it."""
        return self.retired_at is None

    @property
    def is_old(self) -> bool:
        """Whether it has been in use for more than a year."""
        return self.is_current and self.made_at < now() - OLD


def _constraints(table: str, *scope: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=[*scope, "purpose"], condition=Q(retired_at=None), name=f"{table}_current"),
        models.CheckConstraint(condition=Q(purpose__in=["general", "personal"]), name=f"{table}_purpose"),
        models.CheckConstraint(
            condition=Q(destroyed_at=None) & ~Q(wrapped="") | Q(destroyed_at__isnull=False, retired_at__isnull=False, wrapped=""),
            name=f"{table}_destroyed",
        ),
    ]


class DataKey(_Wrapped, TenantModel):
    """A key of one organization."""

    class Meta(TenantModel.Meta):
        ordering: ClassVar = ["purpose", "-made_at", "-id"]
        constraints: ClassVar = _constraints("data_key", "tenant")


class InstallationKey(_Wrapped):
    """A key for rows that belong to no organization, such as second factors."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        ordering: ClassVar = ["purpose", "-made_at", "-id"]
        constraints: ClassVar = _constraints("installation_key")
