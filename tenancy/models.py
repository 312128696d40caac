"""Organization, and the base of every row that belongs to one."""

import datetime as dt
import zoneinfo
from operator import attrgetter
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Expression
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.db.models.functions import Lower

from tenancy.ids import uuid7
from tenancy.scope import current_scope, current_tenant_id
from tenancy.spans import Rule, Seen

INSTALLATION_SLUG = "installation"
M = TypeVar("M", bound=models.Model)


def check_zone(value: str) -> None:
    """Raise ValidationError unless `value` is an IANA zone name."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError("Choose a time zone such as Europe/Berlin.")


class Organization(models.Model):
    """A customer of this installation: the wall stands around it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField("short name in addresses", max_length=40)
    name = models.CharField(max_length=120)
    zone = models.CharField("time zone", max_length=60, default="UTC", validators=[check_zone])
    is_example = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("slug"), name="organization_slug_unique")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The organization's home, from anywhere."""
        return f"/o/{self.slug}/"

    @classmethod
    def installation(cls) -> "Organization":
        """The reserved organization that holds events which belong to nobody's organization."""
        return cls.objects.get_or_create(slug=INSTALLATION_SLUG, defaults={"name": "This installation"})[0]

    @property
    def tzinfo(self) -> zoneinfo.ZoneInfo:
        """The organization's zone."""
        return zoneinfo.ZoneInfo(self.zone)

    def today(self) -> dt.date:
        """The present day where the organization lives."""
        return dt.datetime.now(self.tzinfo).date()

    def day_of(self, moment: dt.datetime) -> dt.date:
        """The day of a moment where the organization lives."""
        return moment.astimezone(self.tzinfo).date()

    def end_of(self, day: dt.date) -> dt.datetime:
        """The instant at which the local `day` ends: something due on a day is due then."""
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), self.tzinfo)


def current_organization() -> Organization:
    """The active organization, as it was when its scope was entered; asks the database at most once in a scope.

    Raises NoTenant outside of one.
    """
    scope = current_scope()
    if not isinstance(scope.organization, Organization):
        scope.organization = Organization.objects.get(pk=scope.tenant_id)
    return scope.organization


class CurrentTenant(Expression):
    """The active organization's id, read when SQL is compiled: no queryset runs without a tenant."""

    output_field = models.UUIDField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """Compile to the id; raises NoTenant outside a scope."""
        return "%s::uuid", (str(current_tenant_id()),)


class TenantManager(models.Manager[M]):
    """Shows the active organization's rows only; to whoever is limited to a span of days, those that belong to it."""

    def get_queryset(self) -> models.QuerySet[M]:
        """Every query starts filtered."""
        rule: Rule | None = getattr(self.model, "seen_within", None)
        return self.whole().filter(Seen(rule)) if rule else self.whole()

    def whole(self) -> models.QuerySet[M]:
        """The organization's rows of whatever time."""
        return super().get_queryset().filter(tenant_id=CurrentTenant())


class TenantModel(models.Model):
    """A row that belongs to one organization; its migration adds `TenantTable(name)`."""

    seen_within: ClassVar[Rule | None] = None  # how it belongs to a span of days; None for what belongs to none
    cared_with: ClassVar[str] = "pk"  # the way to the record whose guardian has this one in their care too

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(
        Organization, on_delete=models.PROTECT, default=current_tenant_id, editable=False, related_name="+", db_index=False
    )

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def validate_constraints(self, exclude: Any = None) -> None:
        """Check uniqueness with the organization in view, although no form shows it."""
        super().validate_constraints(exclude=set(exclude or ()) - {"tenant"})

    @property
    def care_key(self) -> UUID:
        """The record that somebody has in their care with this one: itself, or what it is a part of."""
        found: UUID = attrgetter(self.cared_with.replace("__", "."))(self)
        return found

    def refreshed(self) -> Self:
        """This row as the database has it now."""
        return type(self)._base_manager.get(pk=self.pk)


class _Named(ForwardManyToOneDescriptor):  # type: ignore[type-arg] # it takes none when it runs
    """What a row hangs on, in whatever span of days it is: who sees the row is told what it names."""

    def get_queryset(self, **hints: Any) -> models.QuerySet[Any]:
        """All of the organization's."""
        manager: Any = self.field.remote_field.model._base_manager.db_manager(hints=hints)
        rows: models.QuerySet[Any] = manager.whole()
        return rows


class TenantForeignKey(models.ForeignKey[Any, Any]):
    """A foreign key within the organization; `TenantTable` makes its constraint, over (tenant_id, id)."""

    forward_related_accessor_class = _Named

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Leave out what the class itself says."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        return name, path, args, kwargs
