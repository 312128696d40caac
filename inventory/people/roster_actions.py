"""A roster import, step by step: uploaded, its columns named, previewed, applied or discarded."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile

from audit.actions import action
from audit.actors import SCHEDULE, Actor
from audit.record import Entry, record, record_many
from evidence.files import open_file, store
from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from evidence.tables.text import email_key
from inventory.formats.mapping import Mapping, fingerprint
from inventory.formats.roster import suggest_roster_mapping
from inventory.models import ImportMapping, Person, RosterImport
from inventory.people.matching import keep_addresses, match_all
from inventory.people.roster import Change, Joiner, Plan, read_plan
from inventory.removals.leavers import has_come, open_leaver_removals, withdraw_leaver_removals
from tenancy.models import Organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.changes import shown
from workflow.jobs import is_overtaken
from workflow.models import Job

ROSTER = "roster"
SHOWN = ("name", "email", "employee_number", "department", "title", "kind", "status", "started_on", "left_on", "contract_ends_on")


@action
def upload_roster(*, actor: Actor, source: "UploadedFile[Any] | IO[bytes]", name: str, full_roster: bool) -> RosterImport:
    """Keep the file and suggest which column means what, as remembered from the last file with these headers."""
    stored = store(source, name)
    roster = RosterImport(file=stored, name=stored.name, full_roster=full_roster, created_by_id=actor.id)
    headers = headers_of(roster)
    remembered = ImportMapping.objects.filter(kind=ROSTER, fingerprint=fingerprint(headers)).first()
    roster.mapping = remembered.mapping if remembered else suggest_roster_mapping(headers).to_dict()
    roster.save()
    record(
        "roster.upload",
        roster,
        actor=actor,
        after={"file": roster.name, "full_roster": full_roster},
        metadata={"sha256": stored.sha256, "size": stored.size},
    )
    return roster


def headers_of(roster: RosterImport) -> list[str]:
    """The headers of its file. Raises ActionRefused when it is no table."""
    try:
        with open_file(roster.file) as source, open_table(source, name=roster.name) as table:
            return table.headers
    except FormatError as error:
        raise ActionRefused(str(error), field="file") from error


@action
def prepare_roster(roster: RosterImport, *, actor: Actor, mapping: Mapping) -> Plan:
    """Take the columns, remember them for the next such file, and work out what would change."""
    headers = headers_of(roster)
    roster.mapping = mapping.to_dict()
    plan = read_plan(roster)
    RosterImport.PREPARE.apply(roster, actor=actor, mapping=mapping.to_dict(), counts=plan.counts(), plan_digest=plan.digest())
    ImportMapping.objects.update_or_create(
        system=None, kind=ROSTER, fingerprint=fingerprint(headers), defaults={"mapping": mapping.to_dict()}
    )
    return plan


@action
def refresh_roster(roster: RosterImport, *, actor: Actor) -> None:
    """Work the preview out anew, because the roster has changed since."""
    plan = read_plan(roster)
    RosterImport.PREPARE.apply(roster, actor=actor, counts=plan.counts(), plan_digest=plan.digest())


@action
def discard_roster(roster: RosterImport, *, actor: Actor) -> None:
    """Leave the file unapplied."""
    RosterImport.DISCARD.apply(roster, actor=actor)


@action
def apply_roster(
    roster: RosterImport, *, actor: Actor, missing_left: Iterable[Person] = (), left_on: dt.date | None = None
) -> dict[str, int]:
    """Do what the preview said, one event for each person; returns the counts.

    `missing_left` are people whom the file does not list and of whom the user says that they have left on `left_on`.
    Raises ActionRefused when the roster has changed since the preview.
    """
    plan = read_plan(roster)
    if plan.digest() != roster.plan_digest:
        raise ActionRefused("The roster has changed since this preview was made. Look at the new one below, then apply it.")
    gone = _confirmed_gone(plan, missing_left, left_on)
    counts = plan.counts() | {"missing_left": len(gone)}
    RosterImport.APPLY.apply(
        roster,
        actor=actor,
        counts=counts,
        applied_at=now(),
        metadata={"sha256": roster.file.sha256, "digest": roster.plan_digest},
    )
    _join(plan.joiners, actor)
    _move(plan.changes, actor)
    for change in plan.changes:
        _move_state(change, actor)
    for person in gone:
        Person.LEAVE.apply(person, actor=actor, left_on=left_on, note=f"Not in the full roster {roster.name}.")
    matched = match_all(actor)
    opened = len(open_leaver_removals(actor)) + matched.removals
    return counts | {"removals": opened, "matched": matched.changed}


def _confirmed_gone(plan: Plan, people: Iterable[Person], left_on: dt.date | None) -> list[Person]:
    chosen = {person.pk for person in people}
    gone = [person for person in plan.missing if person.pk in chosen]
    check_last_day(gone, left_on)
    return gone


def check_last_day(gone: Sequence[Person], left_on: dt.date | None) -> None:
    """Raise ActionRefused unless those who have left have a last working day that is here or past."""
    if gone and left_on is None:
        raise ActionRefused("Give the last working day of those who have left.", field="left_on")
    if gone and left_on is not None and not has_come(left_on):
        raise ActionRefused("The last working day lies in the future.", field="left_on")


def give_roster_back(roster_id: uuid.UUID | str, *, actor: Actor, job_id: str = "") -> None:
    """Make a roster whose applying came to nothing ready again; leave any other, and one that a worker holds.

    With the job that failed: leave one that a later job has taken up.
    """
    applying = RosterImport.objects.select_for_update(of=("self",), skip_locked=True).filter(status="applying")
    roster = applying.filter(pk=roster_id).first()
    if roster is not None and not (job_id and is_overtaken(job_id)):
        _give_back(roster, actor)


@action
def _give_back(roster: RosterImport, actor: Actor) -> None:
    RosterImport.RETURN.apply(roster, actor=actor, note="The work was not finished.")


def recover_rosters(_organization: Organization, _at: dt.datetime) -> None:
    """Periodically: what is being applied by nobody any more is ready again."""
    for roster in RosterImport.objects.filter(status="applying"):
        job = Job.objects.filter(subject_id=roster.pk).order_by("-created_at").first()
        if job is None or job.is_over:
            give_roster_back(roster.pk, actor=SCHEDULE)


def _join(joiners: list[Joiner], actor: Actor) -> None:
    """Managers may come later in the same batch: the foreign keys are checked at the end."""
    people = [joiner.person for joiner in joiners]
    Person.objects.bulk_create(people, batch_size=1000)
    record_many("person.create", actor=actor, entries=[_joined(person) for person in people])


def _joined(person: Person) -> Entry:
    after: dict[str, Any] = {name: shown(getattr(person, name)) for name in SHOWN if getattr(person, name)}
    if person.manager:
        after["manager"] = person.manager.name
    return Entry(person._meta.label_lower, person.pk, person.name, after=after)


def _move(changes: list[Change], actor: Actor) -> None:
    """Fields other than the state, in one statement. A last working day that comes with leaving goes with its transition."""
    moved, entries, touched = [], [], set()
    former: dict[uuid.UUID, str] = {}
    for change in changes:
        fields = {name: value for name, value in change.fields.items() if not (change.status and name == "left_on")}
        if not fields:
            continue
        before = {name: shown(getattr(change.person, name)) for name in fields}
        former |= {change.person.pk: change.person.email_key} if "email" in fields else {}
        for name, value in fields.items():
            setattr(change.person, name, value)
        change.person.email_key = email_key(change.person.email)
        touched |= {*fields, "email_key"}
        moved.append(change.person)
        after = {name: shown(value) for name, value in fields.items()}
        entries.append(Entry(change.person._meta.label_lower, change.person.pk, change.person.name, before=before, after=after))
    if moved:
        Person.objects.bulk_update(moved, sorted(touched), batch_size=500)
        record_many("person.edit", actor=actor, entries=entries)
        keep_addresses(former, actor)


def _move_state(change: Change, actor: Actor) -> None:
    person = change.person
    if change.status == Person.Status.LEFT:
        Person.LEAVE.apply(person, actor=actor, left_on=change.fields.get("left_on", person.left_on))
    elif change.status and person.status == Person.Status.LEFT:
        Person.REHIRE.apply(person, actor=actor, left_on=change.fields.get("left_on"))
        withdraw_leaver_removals(person, actor=actor, reason="They are back on the roster.")
    if change.status == Person.Status.ON_LEAVE:
        Person.PAUSE.apply(person, actor=actor)
    elif change.status == Person.Status.ACTIVE and person.status == Person.Status.ON_LEAVE:
        Person.RETURN.apply(person, actor=actor)
