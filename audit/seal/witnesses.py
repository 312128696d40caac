"""Witnesses: where heads are kept outside the database, so that a trail that was cut or written anew is found out.

A witness holds heads in the order of their numbers and gives them back; the product never changes what it holds. Put them where
whoever runs the database cannot write; a copy that somebody else keeps is better still.
"""

import logging
import uuid
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Protocol

from django.conf import settings

from audit.models import AuditHead
from audit.seal.bucket_witness import BucketWitness
from audit.seal.file_witness import FileWitness
from audit.seal.testimony import KeptHead, UnreadableWitness
from tenancy.models import Organization
from tenancy.scope import current_tenant_id, tenant

_BATCH = 500
log = logging.getLogger(__name__)


class Witness(Protocol):
    """Somebody who keeps heads of organizations. Everything raises UnreadableWitness when it cannot be asked."""

    name: str

    def last(self, organization: uuid.UUID) -> KeptHead | None:
        """The latest head that it has of an organization."""

    def keep(self, organization: uuid.UUID, heads: Iterable[KeptHead]) -> None:
        """Add heads, in their order."""

    def told(self, organization: uuid.UUID) -> Iterator[KeptHead]:
        """All that it has of an organization, in their order."""


def witnesses() -> list[Witness]:
    """Those of this installation: the file always, a bucket where one is set."""
    found: list[Witness] = [FileWitness(settings.PLUMBLINE_WITNESS)]
    if settings.PLUMBLINE_WITNESS_BUCKET:
        found.append(_bucket(settings.PLUMBLINE_WITNESS_BUCKET))
    return found


@cache
def _bucket(name: str) -> BucketWitness:
    return BucketWitness(name, **settings.PLUMBLINE_S3)


def tell(witness: Witness) -> int:
    """Give a witness the heads of the active organization that it does not have; returns how many.

    Raises UnreadableWitness, and adds nothing, where it has heads that the database has not: the check of the trail says which.
    """
    organization = current_tenant_id()
    last = witness.last(organization)
    if last is not None and not AuditHead.objects.filter(number=last.head.number, body=last.body).exists():
        raise UnreadableWitness(f"The witness ({witness.name}) has head {last.head.number}, which the database has not.")
    told = 0
    rows = AuditHead.objects.filter(number__gt=last.head.number if last else 0).order_by("number")
    while batch := [KeptHead(head.body, bytes(head.signature)) for head in rows[told : told + _BATCH]]:
        witness.keep(organization, batch)
        told += len(batch)
    return told


def tell_all(organization: Organization) -> list[str]:
    """Give every witness what it does not have; returns why one could not be told. Enters a scope for each."""
    troubles = []
    for witness in witnesses():
        try:
            with tenant(organization):
                tell(witness)
        except UnreadableWitness as error:
            log.exception("A witness was not told of the heads of %s.", organization.slug)
            troubles.append(f"The witness ({witness.name}) could not be told. {error}")
    return troubles
