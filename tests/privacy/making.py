"""What tests of privacy begin with."""

import datetime as dt
from typing import Any

from accounts.models import Member
from privacy.customers.actions import add_step, open_case
from privacy.models import Consent, DataClass, DataSet, EndedCustomer, Notice, NoticeVersion, RetentionSchedule, SubjectRequest
from privacy.notices.actions import publish_version, record_consent, write_version
from privacy.retention.actions import make_schedule
from privacy.rights import WRITE
from privacy.subjects.actions import take_in, verify
from privacy.writing import keep
from tenancy.models import current_organization
from tenancy.scope import now
from workflow.models import OutboxMessage


def a_class(manager: Member, name: str = "Confidential", **facts: Any) -> DataClass:
    given = {"rank": 2, "label": name.upper(), "personal": True, "meaning": "What hurts.", "handling": "Encrypted.", **facts}
    return keep(DataClass(name=name, **given), "data_class.create", actor=manager, permission=WRITE, fields=given)


def a_dataset(manager: Member, of: DataClass, name: str = "Customer accounts", **facts: Any) -> DataSet:
    given = {
        "data_class": of, "content": "Names and e-mails", "location": "eu-central-1", "subjects": ["users of customers"],
        "purpose": "To serve them", "basis": "contract", "recipients": ["Hosting"], **facts,
    }  # fmt: skip
    return keep(DataSet(name=name, **given), "data_set.create", actor=manager, permission=WRITE, fields=given)


def a_schedule(manager: Member, kind: str = "mail", days: int = 90, **facts: Any) -> RetentionSchedule:
    given = {
        "name": f"{kind or 'Logs'} go", "counted_from": "the day it was written", "reason": "Nobody asks.", "method": "deleted",
        "automatic": bool(kind), **facts,
    }  # fmt: skip
    return make_schedule(actor=manager, kind=kind, days=days, **given)


def old_mail(number: int = 1, days: int = 100, to: str = "someone@acme.example") -> list[OutboxMessage]:
    made = [OutboxMessage(key=f"old-{days}-{to}-{n}", to=to, subject="Old", text="x", status="kept") for n in range(number)]
    OutboxMessage.objects.bulk_create(made)
    organization = current_organization()
    noon = dt.datetime.combine(organization.today() - dt.timedelta(days=days), dt.time(12), organization.tzinfo)
    OutboxMessage.objects.filter(pk__in=[one.pk for one in made]).update(created_at=noon)
    return made


def a_case(manager: Member, name: str = "Globex", places: int = 1) -> EndedCustomer:
    today = manager.organization.today()
    case = open_case(actor=manager, name=name, ended_on=today - dt.timedelta(days=5), due_on=today + dt.timedelta(days=25))
    for number in range(places):
        add_step(case, actor=manager, what="destroy", place=f"Database {number}", dataset=None, owner=None)
    return case


def a_version(manager: Member, name: str = "Website") -> NoticeVersion:
    notice = keep(Notice(name=name, audience="Visitors"), "notice.create", actor=manager, permission=WRITE, fields=("name",))
    version = write_version(notice, actor=manager, text=f"What we do with data: {name}.")
    return publish_version(version, actor=manager, in_force_from=manager.organization.today())


def a_consent(manager: Member, version: NoticeVersion, email: str = "ada@example.com", **facts: Any) -> Consent:
    given = {"name": "Ada", "purpose": "Newsletter", "how": "Ticked", "given_at": now() - dt.timedelta(days=2), **facts}
    return record_consent(actor=manager, version=version, email=email, **given)


def a_request(manager: Member, kind: str = "access", email: str = "ada@example.com", **facts: Any) -> SubjectRequest:
    given = {"name": "Ada Adams", "channel": "E-mail", "received_on": manager.organization.today(), **facts}
    return take_in(actor=manager, kind=kind, email=email, **given)


def a_verified(manager: Member, kind: str = "access", **facts: Any) -> SubjectRequest:
    return verify(a_request(manager, kind, **facts), actor=manager, how="They called back.").refreshed()
