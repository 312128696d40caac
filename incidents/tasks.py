"""What is due of all organizations, looked for every few seconds, and done by workers."""

import uuid

from celery import shared_task

from incidents.oncall import calling, due, escalating
from tenancy.models import Organization
from tenancy.scope import now
from tenancy.tasks import HEADER, TenantTask

_BY_KIND = {escalating.KIND: escalating.advance, calling.KIND: calling.attempt}


@shared_task
def look() -> None:
    """Hand what is due to workers; what belongs to no organization any more is forgotten."""
    found = due.taken()
    if not found:
        return
    known = set(Organization.objects.filter(pk__in={one.tenant_id for one in found}).values_list("pk", flat=True))
    for one in found:
        if one.tenant_id in known:
            see_to.apply_async((one.kind, str(one.id)), headers={HEADER: str(one.tenant_id)})
        else:
            due.forget(one)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def see_to(self: TenantTask, kind: str, key: str) -> None:
    """Tell the next step of an escalation, or try a delivery, if that is due."""
    with self.scope():
        _BY_KIND[kind](uuid.UUID(key), now())
