"""Systems, people, populations and removals."""

from inventory.models.people import Person, PersonAlias
from inventory.models.population import Account, Entitlement, ImportMapping, RejectedRow, Snapshot, SnapshotFile
from inventory.models.removal import Removal
from inventory.models.roster import RosterImport
from inventory.models.system import System

__all__ = [
    "Account",
    "Entitlement",
    "ImportMapping",
    "Person",
    "PersonAlias",
    "RejectedRow",
    "Removal",
    "RosterImport",
    "Snapshot",
    "SnapshotFile",
    "System",
]
