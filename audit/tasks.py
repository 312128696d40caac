"""The beat of the seal."""

import logging

from celery import shared_task

from audit.seal.keys import NoSealKey
from audit.seal.rounds import seal_and_tell
from tenancy.models import Organization

log = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def seal_all() -> None:
    """Every minute: seal what was committed in each organization, then tell the witnesses. One that fails holds up no other."""
    for organization in Organization.objects.all():
        try:
            seal_and_tell(organization)
        except NoSealKey:
            log.exception("The trail of %s is not sealed.", organization.slug)
