"""Larkfield's data: four classes, what data there is and how long it stays, a customer who left, a hold, and a request."""

import datetime as dt

from accounts.models import Member
from controls.models import Control
from example.roster import DOMAIN
from inventory.models import Person, System
from privacy.customers.actions import add_step, do_step, open_case
from privacy.models import DataClass, DataSet, Notice, RetentionSchedule
from privacy.notices.actions import publish_version, write_version
from privacy.retention.actions import make_schedule
from privacy.retention.holding import CUSTOMERS, place_hold
from privacy.rights import WRITE
from privacy.subjects.actions import take_in, verify
from privacy.writing import keep
from tenancy.models import current_organization

DAY = dt.timedelta(days=1)
# Name, order, label, personal data, what belongs to it, how it is handled.
CLASSES = (
    (
        "Restricted",
        1,
        "Restricted",
        True,
        "Customers' invoices, payouts, salaries, secrets.",
        "Encrypted at rest and in transit. Named people only, by role. Never sent by mail, printed or copied to a laptop. "
        "Destroyed with a certificate.",
    ),
    (
        "Confidential",
        2,
        "Confidential",
        True,
        "Names and addresses of users, contracts, source code, findings.",
        "Encrypted in transit and at rest. Shared inside by need, outside under an agreement.",
    ),
    (
        "Internal",
        3,
        "Internal",
        False,
        "Plans, minutes, how-tos.",
        "For people who work here. Not sent outside without asking its owner.",
    ),
    ("Public", 4, "Public", False, "The website, published notices, the price list.", "Anybody may have it once it is approved."),
)
# Name, system, control, days, counted from, why.
ELSEWHERE = (
    ("Invoices of customers", "Production PostgreSQL", 3650, "the end of the financial year", "Tax law asks for ten years."),
    ("Tickets of customers", "Customer console", 730, "the day a ticket is closed", "Claims come within two years."),
    ("Files of former employees", "HR system", 1095, "the last working day", "Claims from employment lapse after three years."),
)
# Name, class, system, where, whose, what for, basis, who gets it, schedule.
DATA = (
    (
        "Invoices",
        "Restricted",
        "Production PostgreSQL",
        "AWS, Oregon",
        ["users of customers", "payees"],
        "To write and send invoices",
        "contract",
        ["Amazon Web Services", "Harborline Payments"],
        "Invoices of customers",
    ),
    (
        "Support tickets",
        "Confidential",
        "Customer console",
        "AWS, Oregon",
        ["users of customers"],
        "To answer questions",
        "contract",
        ["Beaconline Support"],
        "Tickets of customers",
    ),
    (
        "Personnel files",
        "Restricted",
        "HR system",
        "HR system, Virginia",
        ["employees", "applicants"],
        "To employ people",
        "contract",
        ["Copperleaf Payroll"],
        "Files of former employees",
    ),
    (
        "Accounts of people",
        "Confidential",
        "Okta",
        "Okta, United States",
        ["employees", "contractors"],
        "To sign people in",
        "interest",
        ["Okta"],
        "",
    ),
)
NOTICE = (
    "Larkfield Software keeps your name, e-mail and the invoices you work with, to provide the service that your company has "
    "ordered (GDPR, Article 6(1)(b)). We delete invoices after ten years and tickets after two. You may ask what we hold, have "
    "it corrected or erased: privacy@larkfield.example."
)


def keep_data(*, manager: Member) -> None:
    """Enter all of it, as its people would."""
    for name, rank, label, personal, meaning, handling in CLASSES:
        given = {"rank": rank, "label": label, "personal": personal, "meaning": meaning, "handling": handling}
        keep(DataClass(name=name, **given), "data_class.create", actor=manager, permission=WRITE, fields=given)
    _schedule(manager)
    systems = {one.name: one for one in System.objects.all()}
    classes = {one.name: one for one in DataClass.objects.all()}
    schedules = {one.name: one for one in RetentionSchedule.objects.all()}
    for name, label, system, where, whose, purpose, basis, recipients, schedule in DATA:
        fields = {
            "data_class": classes[label],
            "system": systems[system],
            "location": where,
            "subjects": whose,
            "purpose": purpose,
            "content": name,
            "basis": basis,
            "recipients": recipients,
            "schedule": schedules.get(schedule),
            "owner": _person("nora.fischer"),
        }
        keep(DataSet(name=name, **fields), "data_set.create", actor=manager, permission=WRITE, fields=fields)
    _notice(manager)
    _customers(manager)
    _request(manager)


def _schedule(manager: Member) -> None:
    systems = {one.name: one for one in System.objects.all()}
    control = Control.objects.filter(code="DAT-002").first()
    for name, system, days, counted_from, reason in ELSEWHERE:
        make_schedule(
            actor=manager,
            name=name,
            system=systems[system],
            control=control,
            days=days,
            counted_from=counted_from,
            reason=reason,
            method="A nightly job deletes and logs",
            report_days=31,
            owner=_person("nora.fischer"),
        )
    for kind, name, days in (("mail", "E-mails that Plumbline sent", 400), ("invitations", "Invitations to Plumbline", 180)):
        make_schedule(
            actor=manager,
            kind=kind,
            name=name,
            days=days,
            counted_from="the day it was written",
            automatic=True,
            reason="Long enough to show an auditor a year.",
            method="Plumbline deletes it, with a certificate",
        )


def _notice(manager: Member) -> None:
    notice = Notice(name="Users of the product", audience="Users of customers", place="larkfield.example/privacy")
    keep(notice, "notice.create", actor=manager, permission=WRITE, fields=("name", "audience", "place"))
    publish_version(
        write_version(notice, actor=manager, text=NOTICE), actor=manager, in_force_from=current_organization().today()
    )


def _customers(manager: Member) -> None:
    """One of whose data half is gone, and one whose data a hold keeps."""
    today, owner = current_organization().today(), _person("maria.santos")
    left = open_case(
        actor=manager,
        name="Quillback Foods",
        ended_on=today - 12 * DAY,
        due_on=today + 18 * DAY,
        owner=owner,
        agreed="Returned as CSV within 14 days, destroyed within 30.",
    )
    back = add_step(left, actor=manager, what="return", place="Invoices, as CSV", owner=owner)
    add_step(left, actor=manager, what="destroy", place="Invoices in Production PostgreSQL", owner=owner)
    do_step(back, actor=manager, done_on=today - 3 * DAY, method="Sent by the customer's own SFTP", verified="They confirmed it")
    open_case(actor=manager, name="Stonehollow Ltd", ended_on=today - 20 * DAY, due_on=today + 10 * DAY, owner=owner)
    place_hold(
        actor=manager,
        matter="Stonehollow disputes its last invoices",
        reason="Counsel asked for it on the day of their letter.",
        kinds=[CUSTOMERS],
        about="Stonehollow Ltd",
    )


def _request(manager: Member) -> None:
    today = current_organization().today()
    request = take_in(
        actor=manager,
        kind="access",
        name="Peter Kowalski",
        email="peter.kowalski@quillback.example",
        channel="E-mail",
        relation="User of a former customer",
        received_on=today - 6 * DAY,
        details="Please send me what you hold on me.",
        owner=_person("nora.fischer"),
    )
    verify(request, actor=manager, how="He answered from the address on file and named his last ticket.")


def _person(key: str) -> Person:
    return Person.objects.get(email=f"{key}@{DOMAIN}")
