"""One round of the seal: what is committed joins the tree, and the witnesses are told."""

from audit.seal.sealing import Sealed, seal
from audit.seal.witnesses import tell_all
from tenancy.models import Organization
from tenancy.scope import tenant


def seal_and_tell(organization: Organization, *, sweep: bool = False) -> tuple[Sealed, list[str]]:
    """What was sealed, and a sentence for each witness that could not be told. Enters a scope of its own; raises NoSealKey.

    The witnesses are told after the commit, so that none knows a head that the database does not have.
    """
    with tenant(organization):
        sealed = seal(sweep=sweep)
    return sealed, tell_all(organization)
