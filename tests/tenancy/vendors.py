"""The part of everything that vendors hold: one that is used, one that was asked for, a key, a review."""

from typing import Any

from accounts.models import Member
from controls.models import Control
from inventory.models import Person, System
from tests.cast import Cast
from vendors.keys.actions import note_key
from vendors.lifecycle.actions import approve, begin, use
from vendors.models import Vendor
from vendors.register.actions import request_vendor
from vendors.register.kept_views import KEPT
from vendors.reviewing.actions import review
from workflow.kept_views import keep_view


def make_vendors(manager: Member, word: str) -> None:
    """Fill vendors; call within the organization's scope, after its systems and controls exist."""
    today = manager.organization.today()
    console = System.objects.filter(name__startswith=word)[0]
    answers: dict[str, Any] = {"data_shared": 3, "criticality": 2, "access": 1}
    owner = Person.objects.get(member=manager)
    vendor = request_vendor(
        actor=manager, owner=owner, name=word, service=word, systems=[console], subprocessors=[word], **answers
    )
    begin(vendor, actor=manager)
    said: dict[str, Any] = {"summary": word, "conclusion": "acceptable", "residual": "medium", "lowered_by": word}
    review(vendor, actor=manager, reviewed_on=today, controls=Control.objects.all()[:1], **said)
    approve(vendor, actor=Cast().of(manager.organization.slug, "approver"), reason=word)
    use(Vendor.objects.get(pk=vendor.pk), actor=manager, since=today)
    note_key(vendor, actor=manager, owner=owner, name=word, kept_in=word, rotated_on=today)
    request_vendor(actor=Cast().of(manager.organization.slug, "employee"), name=f"{word} two", service=word, **answers)
    keep_view(KEPT, actor=manager, name=word, query="state=in_use")
