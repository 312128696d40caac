"""Brightmoor Clinics: 13 people, a first set-up, and a founder who owns everything, the controls included.

Left where the product has something to say: the draft of the first review, whose preview shows that nobody could decide on
the founder's own access. The founder, or a visitor, names a second reviewer with a reason there, and starts.
"""

import datetime as dt
from collections.abc import Callable

from accounts.actions import create_organization
from accounts.models import Member
from changes.drafting.actions import create_change
from changes.drafting.risk import asked_of
from changes.lifecycle.actions import submit
from controls.library.questions import adopted, proposal
from controls.occurrences.calendar import first_fair_day
from controls.setup.actions import Plan, set_up
from controls.setup.owners import MYSELF, roles_of
from controls.setup.proposing import proposed
from example.cast import SETUP, Seat, seat_all
from example.dates import Calendar
from example.importing import import_files, import_roster
from example.reports import report_so_far
from example.sources.population import days
from example.sources.writing import csv_bytes
from inventory.formats.mapping import Mapping
from inventory.formats.registry import FORMATS
from inventory.models import Account, Person, System
from inventory.people.actions import link_member
from inventory.people.matching import Confirmation, confirm
from inventory.systems.actions import create_system
from reviews.campaigns.actions import create_campaign
from tenancy.models import Organization
from tenancy.scope import now, tenant

NAME, SLUG, ZONE = "Brightmoor Clinics", "brightmoor", "Europe/Berlin"
DOMAIN = "brightmoor.example"
SHARED = f"empfang@{DOMAIN}"
# name | title | department; all report to the founder
_PEOPLE = """
Katrin Adler|Founder and managing director|Management
Jonas Peters|Practice manager|Management
Miriam Schulz|Physician|Clinic Mitte
Benedikt Lorenz|Physician|Clinic Mitte
Sabine Krüger|Physician|Clinic Nord
Felix Brandt|Physiotherapist|Clinic Nord
Aylin Demir|Medical assistant|Clinic Mitte
Paula Richter|Medical assistant|Clinic Mitte
Nico Hartmann|Medical assistant|Clinic Nord
Greta Vogt|Medical assistant|Clinic Nord
Tim Seidel|Front desk|Clinic Mitte
Lara Engel|Front desk|Clinic Nord
Oliver Haas|Accountant|Management
"""
FOUNDER, SECOND = "katrin.adler", "jonas.peters"
CAST = (
    Seat(
        f"{FOUNDER}@{DOMAIN}",
        "Katrin Adler",
        ("administrator", "compliance_manager"),
        "founder: administrator and compliance manager, owns both systems",
    ),
    Seat(f"{SECOND}@{DOMAIN}", "Jonas Peters", ("reviewer",), "could be the second reviewer"),
    Seat(f"oliver.haas@{DOMAIN}", "Oliver Haas", ("viewer",), "viewer"),
)
_STAFF: list[tuple[str, str, str]] = [
    (name, title, unit) for name, title, unit in (line.split("|") for line in _PEOPLE.strip().splitlines())
]
ANSWERS = {
    "hosting": ["none"],
    "data": ["none"],
    "categories": ["none"],
    "uptime": "none",
    "ai": "none",
    "development": "bought",
    "places": ["office"],
    "people": ["none"],
    "on_call": "morning",
    "period": "type_1",
}
_ROLES = {"Management": "Verwaltung", "Clinic Mitte": "Behandlung", "Clinic Nord": "Behandlung"}


def make(say: Callable[[str], None]) -> Organization:
    """Make all of it; call within one transaction, so that a set-up that is stopped leaves nothing."""
    organization = create_organization(name=NAME, slug=SLUG, zone=ZONE, actor=SETUP, is_example=True)
    with tenant(organization):
        say("members, roster, two systems")
        members = seat_all(CAST)
        founder = members[f"{FOUNDER}@{DOMAIN}"]
        people = _import_people(members, founder)
        systems = [_google(people[FOUNDER], founder), _practice(people[FOUNDER], founder)]
        reception = Account.objects.get(name=SHARED)
        confirm([Confirmation(reception, Account.Kind.SHARED, owner=people[FOUNDER])], actor=founder)
        say("a draft of the first review")
        today = organization.today()
        create_campaign(
            quarter=Calendar.of(organization).fourth,
            systems=systems,
            name="Our first access review",
            due_on=today + dt.timedelta(days=21),
            actor=founder,
        )
        say("the first hour: ten questions, Security only")
        _set_up_controls(founder, today)
        say("a change that waits: nobody but the founder could approve it")
        _ask_for_a_change(people[FOUNDER], founder)
        say("a report with little in it yet")
        report_so_far(Calendar.of(organization), manager=founder)
    return organization


def _ask_for_a_change(person: Person, founder: Member) -> None:
    """Whoever asks for a change does not approve it: it waits until a second approver is named."""
    change = create_change(
        actor=founder,
        title="Let patients book appointments online",
        kind="config",
        description="The booking page of the practice software is switched on for both clinics.",
        impact="The front desk sees bookings that nobody has spoken about on the telephone.",
        rollback_plan="It is switched off again; bookings made by then stay.",
        test_plan="Two bookings by ourselves, one cancelled.",
        systems=list(System.objects.order_by("-name")[:1]),
        answers={question.key: question.answers[0].key for question in asked_of("config")},
        implementer=person,
    )
    submit(change, actor=founder)


def _set_up_controls(founder: Member, today: dt.date) -> None:
    """As the three pages do it, all with the founder: a Type I first, and nothing has fallen due before the next working day."""
    starters = adopted(ANSWERS)
    plan = Plan(
        keys=[starter.key for starter in starters],
        new_period=proposed(proposal(ANSWERS), today),
        in_scope_since=first_fair_day(today),
        owners={role: MYSELF for role, _ in roles_of(starters)},
    )
    set_up(plan, actor=founder)


def _key(name: str) -> str:
    return name.lower().replace("ü", "u").replace(" ", ".")


def _import_people(members: dict[str, Member], founder: Member) -> dict[str, Person]:
    rows = [["Name", "E-Mail", "Manager email", "Abteilung", "Stelle"]]
    for name, title, unit in _STAFF:
        manager = "" if _key(name) == FOUNDER else f"{FOUNDER}@{DOMAIN}"
        rows.append([name, f"{_key(name)}@{DOMAIN}", manager, unit, title])
    import_roster(csv_bytes(rows, delimiter=";", encoding="utf-8-sig"), "personal.csv", actor=founder)
    people = {person.email.partition("@")[0]: person for person in Person.objects.all()}
    for email, member in members.items():
        link_member(people[email.partition("@")[0]], actor=founder, member=member)
    return people


def _system(name: str, kind: str, source_format: str, meaning: str, *, owner: Person, founder: Member) -> System:
    return create_system(
        actor=founder,
        name=name,
        kind=kind,
        source_format=source_format,
        owner=owner,
        reviewer_order=["system_owner", "backup"],
        criticality="critical",
        account_meaning=meaning,
        no_access_states=list(FORMATS[source_format].no_access_states),
    )


def _answers(founder: Member, query: str, count: int, unit: str) -> dict[str, object]:
    stated = {"stated_count": count, "stated_count_unit": unit}
    return {"as_of": now(), "extracted_by": founder.name, "query": query, "filters": "", "full_export": True, **stated}


def _google(owner: Person, founder: Member) -> System:
    meaning = "Mail, calendar and files of the clinics."
    system = _system("Google Workspace", "saas", "google_workspace", meaning, owner=owner, founder=founder)
    headers = [
        *("First Name [Required]", "Last Name [Required]", "Email Address [Required]", "Status [READ ONLY]"),
        *("Last Sign In [READ ONLY]", "2sv Enrolled [READ ONLY]", "Admin Roles"),
    ]
    rows = [headers]
    for name, _, _ in _STAFF:
        first, _, last = name.partition(" ")
        used = now() - dt.timedelta(days=1 + days(name))
        admin = "Super Admin" if _key(name) == FOUNDER else ""
        rows.append([first, last, f"{_key(name)}@{DOMAIN}", "Active", f"{used:%Y/%m/%d %H:%M:%S}", "True", admin])
    rows.append(["Empfang", "Brightmoor", SHARED, "Active", f"{now() - dt.timedelta(days=1):%Y/%m/%d %H:%M:%S}", "False", ""])
    answers = _answers(founder, "Admin console, Directory, Users, Download users", len(rows) - 1, "accounts")
    import_files(system, [("User_Download.csv", csv_bytes(rows))], answers, actor=founder)
    return system


def _practice(owner: Person, founder: Member) -> System:
    meaning = "Appointments and findings of patients; by role also bills and settings."
    system = _system("Practice software", "other", "generic", meaning, owner=owner, founder=founder)
    rows = [["Benutzer", "Name", "E-Mail", "Rolle", "Letzte Anmeldung"]]
    for name, _, unit in _STAFF:
        used = f"{now() - dt.timedelta(days=1 + days(name)):%d.%m.%Y}"
        roles = [_ROLES[unit], *(["Administrator"] if _key(name) == FOUNDER else [])]
        rows += [[_key(name).replace(".", ""), name, f"{_key(name)}@{DOMAIN}", role, used] for role in roles]
    columns = {
        "account_name": "Benutzer",
        "display_name": "Name",
        "email": "E-Mail",
        "role": "Rolle",
        "last_used_at": "Letzte Anmeldung",
    }
    mapping = Mapping(columns=columns, privileged_values=["Administrator"], date_order="dmy")
    files = [("benutzerliste.csv", csv_bytes(rows, delimiter=";", encoding="latin-1"))]
    answers = _answers(founder, "Verwaltung, Benutzer, Liste drucken", len(rows) - 1, "rows")
    import_files(system, files, answers, mapping=mapping, actor=founder)
    return system
