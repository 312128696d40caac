"""A worker goes on with a rotation, also with one that another worker left."""

import datetime as dt

from celery import shared_task

from accounts.sealing import SealingError
from audit.actors import WORKER
from proof.keys.actions import stop_rotation
from proof.keys.rotating import run
from proof.models import KeyRotation
from tenancy.models import Organization, current_organization
from tenancy.scope import tenant
from tenancy.tasks import TenantTask

AGAIN = dt.timedelta(minutes=10)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def rotate_keys(self: TenantTask, rotation_id: str) -> None:
    """Until nothing is left, or it is stopped."""
    with self.scope():
        organization = current_organization()
    go_on(organization, rotation_id)


def go_on(organization: Organization, rotation_id: str) -> bool:
    """Run it; one that lacks its master key is stopped, which the trail says. Whether it finished."""
    try:
        return run(organization, rotation_id)
    except SealingError as error:
        with tenant(organization):
            running = KeyRotation.objects.filter(pk=rotation_id, status=KeyRotation.Status.RUNNING).first()
            if running is not None:  # nobody has stopped it meanwhile
                stop_rotation(running, actor=WORKER, note=f"The master key cannot be used: {error}")
        return False


def see_to_unfinished(_organization: Organization, at: dt.datetime) -> None:
    """Go on with what gave no sign for ten minutes, as when a worker was killed. Idempotent."""
    for rotation in KeyRotation.objects.filter(status=KeyRotation.Status.RUNNING, touched_at__lt=at - AGAIN):
        rotate_keys.delay_on_commit(str(rotation.pk))
