"""Larkfield's binder: the system described in nine parts, complete but for a newer revision that waits, and frozen as a draft."""

from collections.abc import Mapping

from accounts.models import Member
from controls.binder.freezing import freeze_description
from controls.binder.own_documents import ASSESSMENT, VENDOR
from controls.binder.writing import add_row, approve_text, write_text
from controls.models import AuditPeriod, SubserviceOrganization, SystemFlow, UserEntityControl
from evidence.actions import change_evidence
from evidence.models import Evidence
from example.binder_texts import NEWER, TEXTS
from example.dates import Calendar
from example.papers import document
from example.roster import DOMAIN
from inventory.models import System

_FLOWS: tuple[tuple[str, str, str, str, str], ...] = (
    # kind, from, to, what goes there, how it is protected
    ("data", "Customers", "Customer console", "Invoices and contacts, entered or uploaded", "TLS 1.3"),
    ("data", "Customer console", "Production PostgreSQL", "Invoices and contacts", "TLS 1.3, encrypted at rest"),
    ("data", "Production PostgreSQL", "AWS production", "Nightly backups", "AES-256, separate keys"),
    ("data", "Customer console", "Payments", "Amounts and bank details of payouts", "TLS 1.3, signed requests"),
    ("data", "Payments", "Banks", "Payout orders", "Mutual TLS"),
    ("access", "Staff", "Okta", "Sign-in with a second factor", "TLS 1.3, security keys"),
    ("access", "Okta", "Google Workspace", "Single sign-on", "SAML"),
    ("access", "Okta", "AWS production", "Single sign-on, roles for hours", "SAML"),
    ("access", "Okta", "GitHub", "Single sign-on", "SAML"),
    ("access", "Okta", "Customer console", "Single sign-on of support", "OpenID Connect"),
    ("integration", "HR system", "Okta", "Joiners, movers and leavers", "Signed web hooks"),
    ("integration", "GitHub", "AWS production", "Releases from the pipeline", "Short-lived tokens"),
)
_CUSTOMERS_DO: tuple[tuple[str, list[str]], ...] = (
    ("Give accounts in the console to the right people, and take them from leavers", ["CC6.2", "CC6.3"]),
    ("Switch on the second factor for their own users", ["CC6.1"]),
    ("Keep the keys of their integrations secret and rotate them", ["CC6.1"]),
    ("Check that the invoices they upload are complete and right", ["CC2.1"]),
    ("Tell Larkfield at once when they suspect misuse of an account", ["CC7.3"]),
)
_LEANS_ON: tuple[Mapping[str, object], ...] = (
    {
        "name": "Amazon Web Services",
        "service": "Data centres, servers and managed databases",
        "expected": "Guards its buildings and hardware, keeps customers apart, and wipes media before it leaves.",
        "criteria": ["CC6.4", "CC6.5", "A1.2"],
        "report": "SOC 2 Type II",
    },
    {
        "name": "Okta",
        "service": "Sign-in and second factors of staff",
        "expected": "Keeps its directory available and its administrators under control.",
        "criteria": ["CC6.1", "CC6.2"],
        "report": "SOC 2 Type II",
    },
    {
        "name": "Northgate Pay",
        "service": "Carries out payouts",
        "expected": "Executes each order once, and reports fraud within a day.",
        "criteria": ["CC9.2"],
    },
)


def fill_binder(calendar: Calendar, members: Mapping[str, Member], *, manager: Member) -> None:
    """Write, have approved, draw, and freeze for the year's period."""
    approver = members[f"helen.marsh@{DOMAIN}"]
    for section, text in TEXTS.items():
        approve_text(write_text(section, text, actor=manager), actor=approver)
    for section, (text, note) in NEWER.items():
        write_text(section, text, actor=manager, note=note)
    systems = {system.name: system for system in System.objects.all()}
    for kind, start, end, carries, protection in _FLOWS:
        ends = {"source": systems.get(start), "target": systems.get(end)}
        outside = "" if all(ends.values()) else start if ends["source"] is None else end
        add_row(SystemFlow(kind=kind, outside=outside, carries=carries, protection=protection, **ends), actor=manager)
    for title, criteria in _CUSTOMERS_DO:
        add_row(UserEntityControl(title=title, criteria=criteria), actor=manager)
    for facts in _LEANS_ON:
        reach = {"report_until": calendar.third.last} if "report" in facts else {}
        add_row(SubserviceOrganization(**facts, **reach), actor=manager)
    _assess_risks(calendar, manager)
    freeze_description(AuditPeriod.objects.get(), actor=manager)


def _assess_risks(calendar: Calendar, manager: Member) -> None:
    """The year's assessment; nobody has assessed a risk of fraud in it, which the binder says."""
    item = document(
        f"Risk assessment {calendar.third.last.year}",
        [
            "Eleven risks, each with its owner, likelihood, effect and treatment.",
            "Vendors: the payment provider fails or loses data. Treated by a second provider on stand-by.",
        ],
        actor=manager,
        category=Evidence.Category.RISK,
        day=calendar.third.day(20),
        source="Risk workshop",
    )
    change_evidence(item, actor=manager, tags=[ASSESSMENT, VENDOR])
