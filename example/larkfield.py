"""Larkfield Software: a review that is over, and the next one under way. Made as its people would make it.

The order, and why it is this one. Times in the trail are real, so everything happens today; only what a person asserts
(as of when an export is, when a review was due) lies in the past.

1.  Members, the roster of the third quarter, eight systems and their exports of the quarter's second day; accounts that no
    e-mail matches are confirmed by hand.
2.  The third quarter's review: 600 items; 551 keep, 37 remove, 12 change; signed off.
3.  Of the 49 removals, 47 are reported done. The next exports, as of this moment, verify 46; one is still active and is
    reopened. It is done in earnest, and the GitHub export after that verifies it. Two are accepted by name with an end.
    Nothing is open then, and the review is closed: 46 verified at once, 1 reopened and then verified, 2 accepted.
4.  After the close, an export shows one verified removal's access granted again.
5.  The roster of today: joiners, a mover, leavers, a contractor past the end. Leavers' accounts become removals; the
    contractor's was reported done, and the next export of AWS shows it still active.
6.  The fourth quarter's review, from the latest exports: 68 % decided, and what is not is one reviewer's.
7.  Before all of it the controls of the year were set up; after it, what fell due is performed and tested (example/operating.py),
    month by month, so that the report of each month since July is of what was so when it was over,
    and the gaps are analysed: a roadmap, and findings that people work on (example/findings.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from accounts.actions import create_organization
from accounts.models import Member
from controls.models import AuditPeriod
from example import cast
from example.binder import fill_binder
from example.changes import begin_changes
from example.changing import change_things
from example.dates import Calendar
from example.events import log_everything
from example.findings import find_gaps
from example.fourth_quarter import begin_fourth_quarter
from example.importing import answers_of, import_files, import_population, import_roster
from example.incidents import watch_and_respond
from example.matching import confirm_accounts
from example.measuring import measure_all
from example.operating import operate
from example.people import employ
from example.policies import write_policies
from example.privacy import keep_data
from example.programme import begin_programme
from example.reports import report_so_far
from example.requests import ask
from example.risks import know_risks
from example.roles import make_roles
from example.roster import ALIASES, PAST_END, REHIRED, roster_before, roster_now
from example.sources.all import BY_NAME, SOURCES
from example.sources.github import truncated
from example.sources.population import Export
from example.systems import create_systems
from example.third_quarter import accept_what_stays, claim_what_was_done, close_third_quarter, do_in_earnest, run_third_quarter
from example.vendors import know_vendors
from inventory.models import Person, Removal, Snapshot, System
from inventory.people.actions import add_alias, link_member, rehire
from inventory.removals.actions import claim
from proof.package.actions import ask_package
from reviews.models import Campaign
from tenancy.models import Organization
from tenancy.scope import now, tenant

NAME, SLUG, ZONE = "Larkfield Software", "larkfield", "America/New_York"
TRUNCATED_ROWS = 3


@dataclass(slots=True)
class Stage:
    """Who and what is there while the example is made."""

    organization: Organization
    calendar: Calendar
    members: dict[str, Member]
    systems: dict[str, System] = field(default_factory=dict)

    @property
    def administrator(self) -> Member:
        """The IT lead."""
        return self.members["grace.bauer@larkfield.example"]

    @property
    def manager(self) -> Member:
        """The security lead, who runs the reviews."""
        return self.members["samuel.price@larkfield.example"]


def make(say: Callable[[str], None]) -> Organization:
    """Make all of it; call within one transaction, so that a set-up that is stopped leaves nothing."""
    organization = create_organization(name=NAME, slug=SLUG, zone=ZONE, actor=cast.SETUP, is_example=True)
    with tenant(organization):
        say("members and roster")
        calendar = Calendar.of(organization)
        stage = Stage(organization, calendar, cast.seat_all(cast.LARKFIELD, audit_ends_on=calendar.audit_ends_on))
        _begin(stage)
        say("an audit period and 58 controls")
        period = begin_programme(stage.calendar, manager=stage.manager)
        say("eight systems and their exports of the third quarter")
        _import_third(stage)
        say("the third quarter's review: 600 items")
        third = run_third_quarter(stage.calendar, list(stage.systems.values()), manager=stage.manager)
        say("removals, and the exports that verify them")
        _settle_third(stage, third)
        say("joiners, movers, leavers")
        _bring_roster_up_to_date(stage)
        say("the fourth quarter's review, under way")
        begin_fourth_quarter(stage.calendar, list(stage.systems.values()), manager=stage.manager)
        say("a year of controls, changes and deployments: evidence, what fell due, tests")
        story = begin_changes(stage.calendar, stage.members, manager=stage.manager)
        operate(stage.calendar, stage.members, manager=stage.manager, meanwhile=story.tell_until)
        measure_all()
        say("changes of these days, in every state")
        change_things(stage.calendar, stage.members, manager=stage.manager)
        say("events that other systems logged, and alerts")
        log_everything(stage.calendar, stage.members, organization=organization, manager=stage.manager)
        say("on call, checks and an incident, scans, a restore that took too long")
        watch_and_respond(stage.calendar, stage.members, organization=organization, manager=stage.manager)
        _account(stage, period, say)
    return organization


def _account(stage: Stage, period: AuditPeriod, say: Callable[[str], None]) -> None:
    say("twelve vendors, their reports, and a tool that was used too early")
    know_vendors(stage.calendar, stage.members, manager=stage.manager)
    say("the register of risks, and its assessment of the year before")
    know_risks(stage.calendar, stage.members, manager=stage.manager)
    say("a gap analysis, its roadmap, and findings")
    find_gaps(stage.calendar, period, stage.members, manager=stage.manager)
    say("the binder: the system described in nine parts")
    fill_binder(stage.calendar, stage.members, manager=stage.manager)
    measure_all()
    say("thirteen policies and procedures")
    write_policies(stage.calendar, stage.members, manager=stage.manager)
    say("who has read, learned and was checked, exceptions and violations")
    employ(stage.calendar, stage.members, manager=stage.manager)
    say("a report of this month so far")
    report_so_far(stage.calendar, manager=stage.manager)
    say("classes of data, retention, a legal hold, a request of a person")
    keep_data(manager=stage.manager)
    say("the auditor's request list")
    ask(stage.calendar, period, stage.members, manager=stage.manager)
    say("the auditor's package, for the worker to make")
    ask_package(period, actor=stage.manager)


def _begin(stage: Stage) -> None:
    lead = stage.members["judith.klein@larkfield.example"]
    make_roles(manager=stage.manager, administrator=stage.administrator, people_lead=lead)
    import_roster(roster_before(stage.calendar.roster), "larkfield-roster.csv", actor=stage.administrator)
    people = {person.email: person for person in Person.objects.all()}
    for email, member in stage.members.items():
        if email in people:
            link_member(people[email], actor=stage.manager, member=member)
    for key, alias in ALIASES.items():
        add_alias(people[f"{key}@larkfield.example"], actor=stage.manager, key=alias)


def _import_third(stage: Stage) -> None:
    stage.systems = create_systems(actor=stage.administrator)
    for position, source in enumerate(SOURCES):
        import_population(
            stage.systems[source.name],
            source,
            source.before(),
            as_of=stage.calendar.third_export(position),
            calendar=stage.calendar,
            actor=stage.administrator,
        )
    confirm_accounts(actor=stage.manager)


def _settle_third(stage: Stage, third: Campaign) -> None:
    claim_what_was_done(third, stage.members)
    # Back before the exports list the accounts again, which would otherwise be a leaver's.
    rehire(
        Person.objects.get(email=f"{REHIRED}@larkfield.example"),
        actor=stage.administrator,
        started_on=stage.calendar.roster.ago(21),
    )
    _import_cut_off(stage)
    for source in SOURCES:
        _import_now(stage, source.name, late=False)
    do_in_earnest(third, stage.members)
    _import_now(stage, "GitHub", late=True)
    accept_what_stays(third, stage.calendar, manager=stage.manager)
    close_third_quarter(third, manager=stage.manager)
    _import_now(stage, "Customer console", late=True)


def _import_now(stage: Stage, name: str, *, late: bool) -> Snapshot:
    """An export of this moment: later than any claim made before."""
    source = BY_NAME[name]
    logins = source.finally_() if late else source.after()
    return import_population(stage.systems[name], source, logins, as_of=now(), calendar=stage.calendar, actor=stage.administrator)


def _import_cut_off(stage: Stage) -> None:
    """The first attempt at GitHub's export was cut off: the source says 142, the file has 139. It verifies nothing."""
    source, export = BY_NAME["GitHub"], Export(now(), stage.calendar.today, stage.calendar.zone)
    files = truncated(source.write(source.after(), export), rows=TRUNCATED_ROWS)
    import_files(stage.systems["GitHub"], files, answers_of(source, export, stage.administrator), actor=stage.administrator)


def _bring_roster_up_to_date(stage: Stage) -> None:
    import_roster(roster_now(stage.calendar.roster), "larkfield-roster-today.csv", actor=stage.administrator)
    confirm_accounts(actor=stage.manager)
    removal = Removal.objects.get(origin=Removal.Origin.LEAVER, person__email=f"{PAST_END}@larkfield.example")
    claim(removal, actor=stage.members["tomas.ferreira@larkfield.example"], note="The key was deactivated in the console.")
    _import_now(stage, "AWS production", late=True)
