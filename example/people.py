"""What Larkfield's people owe and have done: a policy read and confirmed by all but four, a course that three are late with,
checks of those who joined last, an exception that ends soon and one that waits, and two violations.
"""

import datetime as dt
from collections.abc import Mapping

from accounts.models import Member
from example.dates import Calendar
from example.roster import DOMAIN
from inventory.models import Person
from policies.acknowledging.asking import start_campaign
from policies.acknowledging.confirming import confirm
from policies.background.actions import put_rule, record_check
from policies.exceptions.actions import approve_exception, ask_exception
from policies.models import Course, Policy
from policies.rights import ACKNOWLEDGE
from policies.training.actions import record_training
from policies.training.courses import create_course
from policies.violations.actions import remedy_violation, report_violation

UNCONFIRMED, UNTRAINED, CHECKED = 4, 3, 6  # so many people
DAY = dt.timedelta(days=1)


def employ(calendar: Calendar, members: Mapping[str, Member], *, manager: Member) -> None:
    """Call it when the policies are in force."""
    _acknowledge(calendar, members, manager)
    _train(calendar, manager)
    _check(calendar, manager)
    _except(calendar, members)
    _violate(calendar, members, manager)


def _acknowledge(calendar: Calendar, members: Mapping[str, Member], manager: Member) -> None:
    version = Policy.objects.get(library_key="acceptable-use").versions.get(status="published")
    accounts = {member.pk: member for member in members.values() if member.can(ACKNOWLEDGE)}
    asked = list(Person.objects.filter(member__in=accounts).exclude(status=Person.Status.LEFT).order_by("name", "pk"))
    campaign = start_campaign(version, actor=manager, due_on=calendar.today + 9 * DAY, audience="people", people=asked)
    rows = campaign.acknowledgements.select_related("person").order_by("person__name", "pk")
    for one in list(rows)[UNCONFIRMED:]:
        confirm(one, actor=accounts[one.person.member_id], content_hash=version.content_hash)


def _train(calendar: Calendar, manager: Member) -> None:
    begun = calendar.today - 300 * DAY
    course = create_course(
        actor=manager, name="Security awareness", about="Phishing, passwords, what to report and to whom.", required_from=begun
    )
    create_course(actor=manager, name="Secure development", about="For whoever writes code.", required=False)
    people = list(Person.objects.exclude(status=Person.Status.LEFT).order_by("started_on", "pk"))
    for number, person in enumerate(people[UNTRAINED:]):
        _took(course, person, calendar.today - (20 + number * 3 % 200) * DAY, manager)


def _took(course: Course, person: Person, day: dt.date, manager: Member) -> None:
    record_training(actor=manager, course=course, person=person, completed_on=max(day, person.started_on or day))


def _check(calendar: Calendar, manager: Member) -> None:
    """Of those who joined last; nobody is judged by the rule before today."""
    put_rule(actor=manager, since=calendar.today, contractors=True)
    joined = Person.objects.exclude(status=Person.Status.LEFT).exclude(started_on=None).order_by("-started_on", "pk")
    for person in joined[:CHECKED]:
        day = min(person.started_on or calendar.today, calendar.today) - 7 * DAY
        record_check(actor=manager, person=person, checked_on=day, provider="Northgate Screening", outcome="clear")


def _except(calendar: Calendar, members: Mapping[str, Member]) -> None:
    nora, tomas, kevin = (members[f"{who}@{DOMAIN}"] for who in ("nora.fischer", "tomas.ferreira", "kevin.doyle"))
    approved = ask_exception(
        actor=tomas,
        policy=Policy.objects.get(library_key="backup"),
        person=Person.objects.get(member=tomas),
        what="The archive of support cases is backed up once a week instead of every day.",
        why="Its host can make one snapshot a week until it is moved.",
        compensating="Cases of the last week are also in the ticket system.",
        risk="Up to six days of notes about closed cases would be lost.",
        ends_on=calendar.today + 12 * DAY,
    )
    approve_exception(approved, actor=nora, note="Until the move, not longer.")
    ask_exception(
        actor=kevin,
        policy=Policy.objects.get(library_key="acceptable-use"),
        person=Person.objects.get(member=kevin),
        what="A private phone reads the shared calendar.",
        why="The company's phone is being repaired.",
        compensating="It is locked with a code, and can be erased from afar.",
        risk="Names of customers in appointments could be seen by others.",
        ends_on=calendar.today + 30 * DAY,
    )


def _violate(calendar: Calendar, members: Mapping[str, Member], manager: Member) -> None:
    account = members[f"tomas.ferreira@{DOMAIN}"]
    tomas, policy = Person.objects.get(member=account), Policy.objects.get(library_key="encryption")
    title, resource = "A laptop's disk was not encrypted", "LT-0417"
    done = report_violation(actor=manager, title=title, resource=resource, policy=policy, owner=tomas, severity="high")
    remedy_violation(done, actor=account, outcome="Encrypted, and the set-up of new laptops checks it.")
    title, resource = "A storage bucket without a key of its own", "larkfield-exports"
    report_violation(actor=manager, title=title, resource=resource, policy=policy, owner=tomas)
