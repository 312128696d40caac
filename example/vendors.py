"""Larkfield's twelve vendors: a cloud with its report, a report that ended a quarter ago with a letter since, and an AI tool that
was used before anybody had looked at it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from controls.models import Control
from example.dates import Calendar
from example.roster import DOMAIN
from inventory.models import Person
from tenancy.scope import now
from vendors.documents.actions import add_document, add_duties, add_subservice, map_duty
from vendors.keys.actions import note_key
from vendors.lifecycle.actions import approve, begin, use
from vendors.models import Vendor, VendorDocument
from vendors.questionnaires.actions import keep_answers
from vendors.register.actions import request_vendor
from vendors.reviewing.actions import review

DAY = dt.timedelta(days=1)
CLOUD, LATE, RECORDER = "Amazon Web Services", "Harborline Payments", "Scribelight"
# Name, what it does, owner, the three answers, where.
_USED = (
    (CLOUD, "Runs our servers, databases and backups", "grace.bauer", (3, 3, 3), "United States, Oregon and Virginia"),
    (LATE, "Collects customers' payments", "priya.nair", (3, 3, 0), "United States"),
    ("GitHub", "Keeps our code and runs our pipelines", "tomas.ferreira", (2, 2, 2), "United States"),
    ("Okta", "Signs our people in", "grace.bauer", (2, 2, 3), "United States"),
    ("Google Workspace", "Mail, calendar and documents", "grace.bauer", (2, 1, 1), "United States, Ireland"),
    ("Copperleaf Payroll", "Pays our people", "samuel.price", (3, 1, 0), "United States"),
    ("Beaconline Support", "Customers' tickets", "yuki.tanaka", (3, 1, 1), "Germany"),
    ("Northgate Mail", "Sends invoices by mail", "ravi.menon", (2, 1, 0), "United States"),
    ("Fernhill Travel", "Books journeys", "samuel.price", (1, 0, 0), "United States"),
    ("Paperclip Supplies", "Office supplies", "samuel.price", (0, 0, 0), "United States"),
)
_ANSWERS = """Section,Question,Answer,Comment,Weight,Expected
Access,Is a second factor required of everybody?,Yes,,3,
Access,Are leavers' accounts removed within a day?,Partially,By hand on Fridays,3,
Data,Is data of customers encrypted at rest?,Yes,,3,
Data,Was there a breach in the last three years?,No,,2,No
Continuity,Is a restore tested every year?,No,Planned for the spring,2,
"""
_EXPECTED = (
    "Give each person an account of their own with a second factor",
    "Remove the accounts of people who leave",
    "Encrypt what is kept, with keys that are rotated",
)


def know_vendors(calendar: Calendar, members: Mapping[str, Member], *, manager: Member) -> None:
    """All of them, as their people would have done it."""
    staff = {email.removesuffix(f"@{DOMAIN}"): member for email, member in members.items()}
    decider = staff["helen.marsh"]
    for name, service, owner, answers, where in _USED:
        vendor = _ask(manager, name, service, owner, answers, locations=[where])
        begin(vendor, actor=manager)
        _show(vendor, calendar, manager)
        _review(vendor, manager, calendar.today - 40 * DAY)
        approve(vendor, actor=decider, reason="Its documents were read; what is left of the risk is borne.")
        use(vendor, actor=manager, since=manager.organization.today())  # it is decided on today, by the clock
    _record_meetings(calendar, manager)
    asked = _ask(staff["kevin.doyle"], "Tidewater Surveys", "Asks customers how content they are", "kevin.doyle", (2, 0, 0))
    begin(asked, actor=manager)
    keys = {"owner": _person("grace.bauer"), "kept_in": "Secrets manager, production/payments/api"}
    late = Vendor.objects.get(name=LATE)
    note_key(late, actor=manager, name="Payments, production", used_for="Charges", rotated_on=calendar.today - 97 * DAY, **keys)


def _ask(actor: Member, name: str, service: str, owner: str, answers: tuple[int, int, int], **more: Any) -> Vendor:
    data, criticality, access = answers
    facts = {"data_shared": data, "criticality": criticality, "access": access, "owner": _person(owner), **more}
    return request_vendor(actor=actor, name=name, service=service, **facts)


def _person(name: str) -> Person | None:
    return Person.objects.filter(email=f"{name}@{DOMAIN}").first()


def _show(vendor: Vendor, calendar: Calendar, manager: Member) -> None:
    """An agreement where it gets data of customers; a report of the important ones; answers of those that have none."""
    if vendor.data_shared == 3:
        _document(vendor, manager, "dpa", "Data processing agreement", calendar.today - 300 * DAY)
    if vendor.tier == 3:
        return
    if vendor.name in {"Copperleaf Payroll", "Beaconline Support"}:
        file = SimpleUploadedFile("answers.csv", _ANSWERS.encode())
        keep_answers(vendor, actor=manager, file=file, answered_on=calendar.today - 45 * DAY, title="Security questionnaire")
        return
    ended = calendar.third.first - DAY if vendor.name == LATE else calendar.third.last
    said = {"report_type": "type_2", "period_from": ended - 364 * DAY, "period_to": ended, "opinion": "unqualified"}
    issued = min(ended + 40 * DAY, calendar.today)
    made = _document(vendor, manager, "soc2", f"SOC 2 Type II to {ended:%B %Y}", issued, auditor="Hollis Audit", **said)
    if vendor.name == LATE:
        letter = {"period_from": ended + DAY, "period_to": calendar.today}
        _document(vendor, manager, "bridge", "Bridge letter", calendar.today, **letter)
    if vendor.name == CLOUD:
        _lean_on(made, manager)


def _document(vendor: Vendor, manager: Member, kind: str, title: str, issued_on: dt.date, **facts: Any) -> VendorDocument:
    file = SimpleUploadedFile(f"{kind}.txt", f"{title} of {vendor.name}, kept on {now():%Y-%m-%d}.".encode())
    return add_document(vendor, actor=manager, kind=kind, file=file, title=title, issued_on=issued_on, **facts)


def _lean_on(report: VendorDocument, manager: Member) -> None:
    """What the cloud expects: two of three are mapped."""
    duties = add_duties(report, actor=manager, texts=list(_EXPECTED))
    controls = Control.objects.filter(status=Control.Status.ACTIVE, owner__isnull=False).select_related("owner")
    for duty, code in zip(duties, ("AC-001", "AC-002"), strict=False):
        if control := controls.filter(code=code).first():
            map_duty(duty, actor=manager, control=control)
    add_subservice(
        report, actor=manager, name="Colocation in Virginia", service="Buildings", method="carve_out",
        expected="Guards, visitors' books, power and cooling that are tested",
    )  # fmt: skip


def _review(vendor: Vendor, manager: Member, day: dt.date) -> None:
    lower = {"critical": "high", "high": "medium"}.get(vendor.inherent, vendor.inherent)
    words = "Its report and our own access reviews." if lower != vendor.inherent else ""
    review(
        vendor, actor=manager, reviewed_on=day, summary="Its documents were read: no exception touches what we use.",
        conclusion="acceptable", residual=lower, lowered_by=words,
    )  # fmt: skip


def _record_meetings(calendar: Calendar, manager: Member) -> None:
    """The tool that wrote meetings down before anybody had looked: its finding raises itself."""
    tool = _ask(manager, RECORDER, "Writes meetings down", "kevin.doyle", (2, 0, 1), is_ai=True, ai_sent="Recordings of meetings")
    use(tool, actor=manager, since=calendar.today - 21 * DAY, reason="Two teams had used it for three weeks when it was noticed.")
