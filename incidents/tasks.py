"""What is due of all organizations, looked for every few seconds, and done by workers."""

import uuid

from celery import shared_task

from incidents.oncall import calling, due, escalating
from tenancy.models import Organization
from tenancy.scope import now
from tenancy.tasks import HEADER, TenantTask


@shared_task
def look() -> None:
    """Hand what is due to workers; what belongs to no organization any more is forgotten."""
    found = due.taken()
    if not found:
        return
    known = set(Organization.objects.filter(pk__in={one.tenant_id for one in found}).values_list("pk", flat=True))
    for one in found:
        if one.tenant_id not in known:
            due.forget(one)
        elif (task := _BY_KIND.get(one.kind)) is not None:
            task.apply_async((str(one.id),), headers={HEADER: str(one.tenant_id)})


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def advance_one(self: TenantTask, escalation_id: str) -> None:
    """Tell the next step of an escalation, if that is due."""
    with self.scope():
        escalating.advance(uuid.UUID(escalation_id), now())


_BY_KIND = {escalating.KIND: advance_one, calling.KIND: calling.deliver_one}
