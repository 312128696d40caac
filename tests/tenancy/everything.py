"""One row of every tenant table of an organization, made by the product's own actions, for others to try to reach."""

import io
import uuid

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions import add_member, invite_member
from accounts.models import Member, User
from api.models import KeptAnswer
from audit.words import SETTLED, learn
from evidence.actions import add_evidence
from evidence.files import store
from evidence.importing.actions import begin_import
from evidence.links import link_record
from evidence.models import Evidence, FileCheck
from inventory.models import Person, System
from inventory.people.actions import add_alias
from inventory.people.roster_actions import upload_roster
from reviews.deciding.actions import decide_many
from reviews.deciding.rules import Choice
from reviews.models import Campaign, Item
from reviews.signoff.actions import sign_off
from tenancy.models import Organization, TenantModel
from tenancy.scope import now, tenant
from tests.cast import Cast
from tests.inventory.snapshots import helpers
from tests.reviews.world import grant, person, person_of, snapshot, started, system
from tests.tenancy.changes import make_changes
from tests.tenancy.company import make_company
from tests.tenancy.incidents import make_incidents
from tests.tenancy.monitoring import make_monitoring
from tests.tenancy.policies import make_policies
from tests.tenancy.privacy import make_privacy
from tests.tenancy.processing import make_processing
from tests.tenancy.programme import make_programme
from tests.tenancy.proof import make_proof
from tests.tenancy.risks import make_risks
from tests.tenancy.roles import make_roles
from tests.tenancy.vendors import make_vendors
from tests.tenancy.vulnerabilities import make_vulnerabilities
from workflow.absences.actions import set_absence
from workflow.jobs import start_job
from workflow.outbox import queue_mail
from workflow.outgoing.hosts import allow_host
from workflow.resetting.actions import ask_reset

# Stands in the name of everything that is made, so that it is recognised where it should not be.
WORD = "Zeppelin"
TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]
Ids = dict[str, list[uuid.UUID]]


def make_everything(organization: Organization) -> None:
    """Fill an organization of the cast; call outside of any scope."""
    manager = Cast().of(organization.slug, "manager")
    with tenant(organization):
        _import(manager)
        campaign = _review(manager, Cast().of(organization.slug, "reviewer"))
        _keep_evidence(manager, campaign)
        make_programme(manager, WORD)
        make_changes(manager, WORD)
        make_company(manager, WORD)
        make_roles(manager, WORD)
        make_incidents(manager, WORD)
        make_processing(manager, WORD)
        make_vulnerabilities(manager, WORD)
        make_vendors(manager, WORD)
        make_risks(manager, WORD)
        make_monitoring(manager, WORD)
        make_privacy(manager, WORD)
        make_policies(manager, WORD)
        somebody = person(f"{WORD} Person")
        add_alias(somebody, actor=manager, key=f"{WORD}-alias".lower())
        roster = SimpleUploadedFile("roster.csv", f"Name,E-mail\n{WORD} Two,two@{organization.slug}.example\n".encode())
        upload_roster(actor=manager, source=roster, name=f"{WORD}.csv", full_roster=False)
        invite_member(
            email=f"{WORD}@{organization.slug}.example", roles=["viewer"], actor=Cast().of(organization.slug, "administrator")
        )
        today = organization.today()
        set_absence(
            actor=manager,
            member=Cast().of(organization.slug, "executive"),
            deputy=Cast().of(organization.slug, "approver"),
            starts_on=today,
            ends_on=today,
            note=WORD,
        )
        _ask_reset(organization)
        allow_host(actor=Cast().of(organization.slug, "administrator"), host=f"{WORD}.internal", reason=WORD)
        start_job("example", title=f"{WORD} job", actor=manager, subject=somebody)
        KeptAnswer.objects.create(key="0" * 64, fingerprint="1" * 64, status=201, body=WORD)
        learn(organization, now() + SETTLED)
        make_proof(manager)
        queue_mail(to=f"somebody@{organization.slug}.example", subject=f"{WORD} mail", text=WORD, key=f"{organization.slug}-mail")


def _ask_reset(organization: Organization) -> None:
    """It takes a second administrator."""
    first = Cast().of(organization.slug, "administrator")
    user = User.objects.create_user(email=f"second@{organization.slug}.example", name="Second Administrator")
    add_member(user, roles=["administrator"], actor=first)
    ask_reset(Cast().of(organization.slug, "viewer"), actor=first, reason=WORD, identity=WORD)


def _import(manager: Member) -> None:
    console = helpers.make_system(manager, f"{WORD} console")
    made = helpers.previewed(
        console, manager, helpers.ADA, "U9,nina,nina@acme.example,Viewer,,active,the day before,no", stated_count=1
    )
    helpers.loaded(made, manager, accept_errors=True)


def _review(manager: Member, reviewer: Member) -> Campaign:
    okta = system(f"{WORD} Okta", owner=person_of(reviewer), reviewer_order=["system_owner"])
    snapshot(okta, [grant(person(f"{WORD} One"), f"{WORD} role"), grant(f"{WORD}-service", f"{WORD} key")])
    campaign = started(okta, actor=manager, name=f"{WORD} review")
    decide_many(Item.objects.all(), Choice("revoke", reason_code="left"), campaign=campaign, actor=reviewer)
    sign_off(campaign, actor=manager)
    return campaign


def _keep_evidence(manager: Member, campaign: Campaign) -> None:
    file = store(io.BytesIO(f"{WORD} of {manager.organization.name}".encode()), f"{WORD}.txt")
    category = Evidence.Category.values[0]
    item = add_evidence(
        title=WORD, category=category, file=file, source=WORD, collector="test", subject=campaign, actor=manager, query=WORD
    )
    link_record(item, System.objects.filter(name__startswith=WORD)[0], actor=manager)
    FileCheck.objects.create(file=file, result="intact", checked_at=now(), since=now())
    listed = SimpleUploadedFile(f"{WORD}-list.csv", f"File\n{WORD}-other.txt\n".encode())
    other = SimpleUploadedFile(f"{WORD}-other.txt", WORD.encode())
    begin_import(actor=manager, manifest=listed, uploads=[other], source=WORD)


def ids_of(organization: Organization) -> Ids:
    """The id of one row of each tenant table, and of one member, by the model's label."""
    with tenant(organization):
        found: Ids = {model._meta.label: list(model.objects.values_list("pk", flat=True)[:1]) for model in TENANT_MODELS}
        found["inventory.Person"] = list(Person.objects.filter(name__startswith=WORD).values_list("pk", flat=True)[:1])
    members = Member.objects.filter(organization=organization)
    return found | {"accounts.Member": list(members.values_list("pk", flat=True)[:1])}
