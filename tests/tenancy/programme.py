"""The part of everything that a programme holds: a period, a control with all that hangs on it, a finding, a roadmap."""

import base64
import datetime as dt
import hashlib
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q

from accounts.models import Member
from audit.actions import action
from audit.record import record
from controls.binder.freezing import freeze_description
from controls.binder.waiving import waive
from controls.binder.writing import add_diagram, add_row, approve_text, write_text
from controls.catalogue.actions import cover_systems
from controls.catalogue.adopting import adopt
from controls.events.actions import log_events
from controls.events.alerts import evaluate
from controls.events.reference import example_of
from controls.events.rules import create_rule
from controls.evidence import link_evidence
from controls.findings.actions import raise_finding, supply
from controls.gaps.actions import take_run
from controls.models import Assertion, AuditPeriod, Occurrence, SubserviceOrganization, SystemFlow, UserEntityControl
from controls.periods.actions import create_period, judge_not_relevant, record_engagement
from controls.requests.actions import comment, raise_request
from controls.requests.giving import Given
from controls.requests.giving import supply as give
from controls.roadmap.actions import make_roadmap
from controls.testing.actions import Findings, record_test
from evidence.models import Evidence
from evidence.populations.actions import begin_freezing, freeze
from evidence.sampling.actions import draw_sample
from inventory.models import Person, System
from reports.monthly.actions import ask_report, choose_recipients, take_figures
from tenancy.scope import now
from tests.cast import Cast
from workflow.models import SentForm

CONTROL = "AC-001"
# A picture of one white dot.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="


def make_programme(manager: Member, word: str) -> None:
    """Fill what a compliance manager runs; call within the organization's scope, after its evidence exists."""
    today = manager.organization.today()
    start, end = today.replace(month=1, day=1), today.replace(month=12, day=31)
    period = create_period(actor=manager, name=f"{word} period", kind="type2", starts_on=start, ends_on=end)
    judge_not_relevant(period, ["CC6.4"], actor=manager, reason=f"{word} has no office")
    record_engagement(period, actor=manager, firm=f"{word} and partners")
    owner = Person.objects.get(member=Cast().of(manager.organization.slug, "reviewer"))
    control = adopt([CONTROL], actor=manager, owners={"IT lead": owner}, in_scope_since=start)[0]
    cover_systems(control, list(System.objects.filter(name__startswith=word)[:1]), actor=manager)
    item = Evidence.objects.filter(title=word)[0]
    occurrence = Occurrence.objects.filter(control=control)[0]
    link_evidence(control, item, "operation", actor=manager, occurrence=occurrence, note=word)
    population = freeze(begin_freezing("evidence", today - dt.timedelta(days=1), today, actor=manager))
    asked = raise_request(actor=manager, title=word, controls=[control])
    give(asked, actor=manager, given=Given(evidence=[item], populations=[population]))
    comment(asked, actor=manager, text=word)
    draw_sample(population, actor=manager, seed=word, seed_from=word, size=1)
    record_test(control, Findings(tested_on=today, procedure=word, result="pass"), actor=manager, evidence=[item])
    finding = raise_finding(actor=manager, title=word, severity="high", control=control)
    supply(finding, actor=manager, evidence=[item])
    make_roadmap(take_run(period, actor=manager), actor=manager)
    take_figures(ask_report(today - dt.timedelta(days=1), today, actor=manager))
    choose_recipients([manager], actor=manager)
    _log_events(manager, word)
    _describe(period, manager, word)
    SentForm.objects.create(key=hashlib.sha256(uuid.uuid4().bytes).hexdigest(), target=f"/{word}/")


def _log_events(manager: Member, word: str) -> None:
    """An access that was denied, and the alert on it."""
    create_rule(actor=manager, name=f"{word} accesses", watches="failed_access", by="actor", threshold=1, minutes=5)
    event = example_of("access", CONTROL) | {"occurred_at": now().isoformat()}
    event["data"] = {**event["data"], "user": word}
    log_events([event], source=word, organization=manager.organization, actor=manager)
    evaluate(Q(actor=word), actor=manager)


def _describe(period: AuditPeriod, manager: Member, word: str) -> None:
    """A system description with all that belongs to it, frozen, and management's word on it."""
    others = Cast()
    waive(period, "auto-scaling", actor=manager, reason=word)
    approve_text(write_text("people", word, actor=manager), actor=others.of(manager.organization.slug, "approver"))
    console = System.objects.filter(name__startswith=word)[0]
    add_row(UserEntityControl(title=word), actor=manager)
    add_row(SubserviceOrganization(name=word, service=word, expected=word), actor=manager)
    add_row(SystemFlow(target=console, outside=word, carries=word), actor=manager)
    picture = SimpleUploadedFile(f"{word}.png", base64.b64decode(PIXEL))
    add_diagram("architecture", picture, actor=manager, alternative=word)
    frozen = freeze_description(period, actor=manager)
    head = others.of(manager.organization.slug, "executive")
    signature = {"text": word, "name": word, "position": word}
    assertion = Assertion(description=frozen, signed_by=head, signed_at=now(), sha256=frozen.file.sha256, **signature)
    _keep(assertion, head)


@action
def _keep(assertion: Assertion, head: Member) -> None:
    """As sign_assertion does, which refuses a description that is not complete."""
    assertion.save(force_insert=True)
    record("assertion.sign", assertion, actor=head)
