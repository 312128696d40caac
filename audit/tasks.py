"""The beat of the seal."""

import logging

from celery import shared_task

from audit.seal.keys import NoSealKey
from audit.seal.sealing import seal
from audit.seal.witnesses import tell_all
from tenancy.models import Organization
from tenancy.scope import tenant

log = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def seal_all() -> None:
    """Every minute: seal what was committed in each organization, then tell the witnesses. One that fails holds up no other."""
    for organization in Organization.objects.all():
        try:
            with tenant(organization):
                seal()
        except NoSealKey:
            log.exception("The trail of %s is not sealed.", organization.slug)
            continue
        tell_all(organization)
