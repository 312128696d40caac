"""Celery tasks that carry their organization."""

from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from celery.contrib.django.task import DjangoTask
from django.db import transaction

from tenancy.models import Organization
from tenancy.scope import NoTenant, Scope, active_tenant_id, tenant

HEADER = "plumbline_tenant"


class TenantTask(DjangoTask[Any, Any]):
    """A task that belongs to an organization: `with self.scope():` enters it, once for each step."""

    abstract = True

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override] # returns nothing, as in Celery
        """Queue once the surrounding transaction is committed, for the organization active now."""
        transaction.on_commit(partial(self.apply_async, args, kwargs, headers=self._headers()))

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:  # type: ignore[override] # passes them on
        """Queue with the organization in a header; raises NoTenant when none is active."""
        headers = options.pop("headers", None) or {}
        return super().apply_async(args, kwargs, headers={**self._headers(headers), **headers}, **options)

    def scope(self) -> AbstractContextManager[Scope]:
        """Enter the organization that the task travels for."""
        tenant_id = (self.request.headers or {}).get(HEADER) or self.request.get(HEADER)
        return tenant(Organization.objects.get(pk=tenant_id))

    def _headers(self, given: dict[str, Any] | None = None) -> dict[str, str]:
        tenant_id = (given or {}).get(HEADER) or active_tenant_id()
        if tenant_id is None:
            raise NoTenant(f"{self.name} was queued without an organization.")
        return {HEADER: str(tenant_id)}
