"""The part of everything that proof holds: a sealed tree, its head, a check, a rotation of keys, and a package."""

from accounts.models import Member
from audit.seal.checking.whole import check_trail
from audit.seal.sealing import seal
from controls.models import AuditPeriod
from proof.keys.actions import start_rotation
from proof.package.actions import ask_package
from proof.trail.keeping import keep_check


def make_proof(manager: Member) -> None:
    """Seal and check; call within the organization's scope. A sweep takes in what this very transaction wrote."""
    seal(sweep=True)
    keep_check(check_trail(), actor=manager)
    start_rotation(actor=Member.objects.active().of(manager.organization).having("administrator")[0])
    ask_package(AuditPeriod.objects.earliest("starts_on"), actor=manager)
