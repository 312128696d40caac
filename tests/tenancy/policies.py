"""The part of everything that policies hold: one in force with its approval and its PDF, and the control it documents."""

from accounts.models import Member
from audit.actions import action
from audit.record import record
from controls.models import Control
from evidence.models import Evidence, StoredFile
from inventory.models import Person
from policies.acknowledging.asking import close_campaign, put_rule, start_campaign
from policies.acknowledging.confirming import confirm
from policies.exceptions.actions import approve_exception
from policies.models import AcknowledgementCampaign, PolicyPaper, PolicyVersion
from policies.publishing.actions import publish_version
from policies.register.actions import create_policy
from policies.violations.actions import remedy_violation, report_violation
from policies.writing.actions import submit_version
from policies.writing.approving import approve_version
from tenancy.scope import now
from tests.cast import Cast
from tests.policies.making import asked

HASH = "0" * 64


def make_policies(manager: Member, word: str) -> None:
    """Fill policies; call within the organization's scope, after its controls and evidence exist."""
    controls = list(Control.objects.all()[:1])
    owner = Person.objects.get(member=manager)
    policy = create_policy(actor=manager, title=word, text=word, owner=owner, controls=controls)
    version = submit_version(policy.versions.get(), actor=manager)
    approver = Cast().of(manager.organization.slug, "approver")
    approve_version(version, actor=approver, content_hash=version.content_hash)
    publish_version(version, actor=manager)
    _print(version, manager, word)
    put_rule(policy, actor=manager, audience="everyone", departments=[], days=14, after_change=True, on_joining=True, yearly=True)
    start_campaign(version, actor=manager, due_on=manager.organization.today())
    close_campaign(AcknowledgementCampaign.objects.get(), actor=manager, reason=word)
    start_campaign(version, actor=manager, due_on=manager.organization.today())
    mine = AcknowledgementCampaign.objects.get(status="open").acknowledgements.get(person=owner)
    confirm(mine, actor=manager, content_hash=version.content_hash)
    asked(policy, manager, what=word)
    approve_exception(asked(policy, manager, why=word), actor=approver, note=word)
    facts = {"resource": word, "policy": policy, "person": owner, "description": word}
    report_violation(actor=manager, title=word, reported_as=word, rule=word, **facts)
    remedy_violation(report_violation(actor=manager, title=word, **facts), actor=manager, outcome=word)


@action
def _print(version: PolicyVersion, manager: Member, word: str) -> None:
    file, item = StoredFile.objects.all()[0], Evidence.objects.filter(title=word)[0]
    PolicyPaper.objects.create(version=version, digest=HASH, file=file, evidence=item, made_at=now())
    record("policy_version.print", version, actor=manager)
