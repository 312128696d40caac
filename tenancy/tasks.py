"""Celery tasks that carry their organization."""

import logging
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from celery.contrib.django.task import DjangoTask
from django.db import InterfaceError, OperationalError, connection, transaction
from kombu.exceptions import OperationalError as QueueError

from tenancy.models import Organization
from tenancy.scope import NoTenant, Scope, active_tenant_id, tenant

HEADER = "plumbline_tenant"
AGAIN = 20  # times a task comes back to a database that is not there: a quarter of an hour
LONGEST = 60  # seconds between two of them
log = logging.getLogger(__name__)


class TenantTask(DjangoTask[Any, Any]):
    """A task that belongs to an organization: `with self.scope():` enters it, once for each step."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Do it; later, where the database is gone, so that not even a failure could be noted."""
        try:
            return self.run(*args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            if self.request.called_directly or connection.is_usable():
                raise
            pause = min(2**self.request.retries, LONGEST)
            raise self.retry(exc=error, countdown=pause, max_retries=AGAIN) from error

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override] # returns nothing, as in Celery
        """Queue once the surrounding transaction is committed, for the organization active now.

        What is committed is done, and nobody is told otherwise because the queue cannot be reached: the ticks make up for it.
        """
        transaction.on_commit(partial(self._queue, args, kwargs, self._headers()))

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:  # type: ignore[override] # passes them on
        """Queue with the organization in a header; raises NoTenant when none is active."""
        headers = options.pop("headers", None) or {}
        return super().apply_async(args, kwargs, headers={**self._headers(headers), **headers}, **options)

    def _queue(self, args: Any, kwargs: Any, headers: dict[str, str]) -> None:
        try:
            self.apply_async(args, kwargs, headers=headers)
        except QueueError:
            log.exception("%s could not be queued.", self.name)

    def scope(self) -> AbstractContextManager[Scope]:
        """Enter the organization that the task travels for."""
        tenant_id = (self.request.headers or {}).get(HEADER) or self.request.get(HEADER)
        return tenant(Organization.objects.get(pk=tenant_id))

    def _headers(self, given: dict[str, Any] | None = None) -> dict[str, str]:
        tenant_id = (given or {}).get(HEADER) or active_tenant_id()
        if tenant_id is None:
            raise NoTenant(f"{self.name} was queued without an organization.")
        return {HEADER: str(tenant_id)}
