"""The register of policies as a table: whose each is, how it is kept, what it documents. What they say is in no table."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.models import Member
from audit.actors import Actor
from controls.catalogue.drafts import one_line
from controls.criteria import CRITERIA
from controls.models import Control
from controls.sheets import cells as columns
from controls.sheets.planning import Roster
from controls.sheets.register import Cell, Draft, Line, Register
from policies.library.starters import BY_KEY
from policies.models import Policy, PolicyControl
from policies.register.actions import add_policy, edit_policy, map_controls
from policies.register.listing import with_versions
from policies.rights import READ, WRITE
from policies.writing.actions import add_version
from ui.refusals import ActionRefused

Kind, Status = Policy.Kind, Policy.Status
CHANGED = "The policies have changed since this preview was made. Look at the new one below, then import it."
SAMPLE = """Title,Kind,Owner's e-mail,Reviewed every so many months,Approvals needed,Criteria,Controls
Access control,Policy,ada.moreno@company.example,12,1,CC6.1; CC6.2; CC6.3,
Restoring from backups,Procedure,ben.okafor@company.example,6,1,A1.2; A1.3,
"""


@dataclass(slots=True)
class Known:
    """Policies by number, and by title and state; controls by code; people; the row of the file that has one."""

    by_number: dict[str, Policy]
    by_title: dict[tuple[str, str], Policy]
    controls: dict[str, Control]
    people: Roster
    seen: dict[Any, int]


def _names(text: str) -> list[str]:
    """What stands between semicolons or commas."""
    return [name for part in text.replace(";", ",").split(",") if (name := one_line(part))]


def _criteria(text: str) -> list[str]:
    """Criteria in their own order. Raises ValueError."""
    given = {name.upper() for name in _names(text)}
    if unknown := sorted(given - set(CRITERIA)):
        raise ValueError(f"there is no {', '.join(unknown)[:100]}.")
    return [key for key in CRITERIA if key in given]


def _starter(text: str) -> str:
    return text if text in BY_KEY else ""


class PolicyRegister(Register):
    """What is kept of policies beside what they say."""

    key = "policies"
    title = "Policies"
    list_url, import_url, preview_url = "policies:list", "policies:register-import", "policies:register-preview"
    export_url, sample_url = "policies:register-export", "policies:register-sample"
    read, write = READ, WRITE
    sample, changed = SAMPLE, CHANGED
    noun, keys, about_people = "Policy", ("title", "reference"), False
    keyless = "The file does not say which policy: it has no column Title or Number. Look at the sample file."
    cells = (
        Cell("reference", "Number", lambda row: row.reference, one_line, ("reference", "id"), longest=40),
        Cell("title", "Title", lambda row: row.title, one_line, ("policy", "name"), longest=200),
        Cell("kind", "Kind", lambda row: row.get_kind_display(), columns.optional(columns.chosen(Kind)), ("type",)),
        *columns.whom("owner", "Owner", lambda row: row.owner),
        Cell(
            "review_months", "Reviewed every so many months", lambda row: str(row.review_months), columns.whole(1, 36),
            ("review months", "review cadence in months"),
        ),
        Cell("quorum", "Approvals needed", lambda row: str(row.quorum), columns.whole(1, 9), ("quorum", "approvals")),
        Cell("criteria", "Criteria", lambda row: "; ".join(row.criteria), _criteria, ("criterion",)),
        Cell(
            "controls", "Controls", lambda row: "; ".join(_codes(row)), _names, ("control", "controls it documents"),
            longest=20_000,
        ),
        Cell("library_key", "Starter", lambda row: row.library_key, _starter, longest=40),
        Cell("status", "State", lambda row: row.get_status_display(), columns.optional(columns.chosen(Status)), ("status",)),
        Cell(
            "retired_on", "Retired on", lambda row: columns.written_day(row.retired_on), columns.optional(columns.day),
        ),
        # Told for whoever reads the file; these follow from versions and their reviews, so that no file says them.
        Cell("in_force", "Version in force", lambda row: str(row.in_force or "")),
        Cell("since", "In force since", lambda row: columns.written_day(row.since)),
        Cell("next_review_on", "Next review", lambda row: columns.written_day(row.next_review_on)),
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        """By title."""
        return with_versions(_with_controls().order_by("title", "pk"))

    def known(self) -> Known:
        """Four queries."""
        there = list(_with_controls().order_by("pk"))
        return Known(
            {one.reference.casefold(): one for one in there},
            {(one_line(one.title).casefold(), one.status): one for one in there},
            {one.code.casefold(): one for one in Control.objects.all()},
            Roster(),
            {},
        )

    def draft(self, line: Line, person: Any, known: Known) -> Draft | None:
        """With the policy of this number, else of this title, if there is one."""
        said = line.said
        record = _record(line, known)
        facts = self._facts(line, known)
        key = record.pk if record else (said.get("title", "").casefold(), said.get("status") or Status.ACTIVE)
        if key in known.seen:
            line.errors.append(f"The same policy stands in row {known.seen[key]} already.")
        if record is None and not said.get("title"):
            line.errors.append("Title: is missing.")
        if line.errors:
            return None
        known.seen[key] = line.number
        return self._of(line, facts, record) if record else self._new(line, facts)

    def _facts(self, line: Line, known: Known) -> dict[str, Any]:
        """What the row says of what may be changed; an empty cell of a number or a kind says nothing."""
        said = line.said
        facts = {name: said[name] for name in ("kind", "review_months", "quorum") if said.get(name) is not None}
        facts |= {"criteria": said["criteria"]} if "criteria" in said else {}
        if {"owner", "owner_email", "owner_number"} & set(said):
            facts["owner"] = known.people.said(line, "owner", "Owner")
        if "controls" in said:
            codes = {code.casefold(): code for code in said["controls"]}
            if unknown := [code for key, code in codes.items() if key not in known.controls]:
                line.errors.append(f"Controls: there is no {', '.join(unknown)[:200]}.")
            facts["controls"] = [known.controls[key] for key in codes if key in known.controls]
        return facts

    def _of(self, line: Line, facts: dict[str, Any], record: Policy) -> Draft | None:
        """What differs from one that is there."""
        words = [cell.heading for cell in self.cells if _differs(record, facts, cell.name)]
        status = line.said.get("status") or record.status
        if status != record.status:
            line.errors.append(f"State: it is {record.get_status_display().lower()} here. Retire it or put it back on its page.")
        if words and record.status == Status.RETIRED:
            line.errors.append("It is retired, and the file says otherwise.")
        return None if line.errors else Draft(line, None, facts, record, words)

    def _new(self, line: Line, facts: dict[str, Any]) -> Draft | None:
        said = line.said
        new = {"title": said["title"], "library_key": said.get("library_key", ""), **facts}
        if said.get("status") == Status.RETIRED:
            if not isinstance(said.get("retired_on"), dt.date):
                line.errors.append("Retired on: is missing.")
                return None
            return Draft(line, None, {**new, "status": Status.RETIRED, "retired_on": said["retired_on"]})
        if said.get("in_force"):
            line.notices.append("What it says is in no table: it begins as an empty draft. Bring the text on its page.")
        return Draft(line, None, new)

    def told(self, draft: Draft) -> str:
        """What it is, and whose."""
        facts = draft.facts
        owner = facts.get("owner")
        words = (
            f"{Kind(facts.get('kind', Kind.POLICY)).label} of {owner}" if owner else Kind(facts.get("kind", Kind.POLICY)).label
        )
        return f"{words}, retired" if facts.get("status") == Status.RETIRED else words

    def insert(self, drafts: Sequence[Draft], actor: Actor) -> None:
        """Each with an empty draft, unless it was retired."""
        if not isinstance(actor, Member):
            raise ActionRefused("Only a member writes policies.")
        for one in drafts:
            facts = dict(one.facts)
            controls = facts.pop("controls", [])
            policy = add_policy(actor, facts.pop("title"), **facts)
            map_controls(policy, controls)
            if policy.status == Status.ACTIVE:
                add_version(policy, actor, material=True)

    def alter(self, draft: Draft, actor: Actor) -> None:
        """What differs, as on its page."""
        different = {name: value for name, value in draft.facts.items() if _differs(draft.record, draft.facts, name)}
        edit_policy(draft.record, actor=actor, **different)


def _with_controls() -> QuerySet[Policy]:
    documents = PolicyControl.objects.select_related("control").order_by("control__code")
    return Policy.objects.select_related("owner").prefetch_related(Prefetch("documents", documents))


def _codes(policy: Policy) -> list[str]:
    return [one.control.code for one in policy.documents.all()]


def _has(policy: Policy, name: str) -> Any:
    """What it has, so that it can be compared with what a file says."""
    if name == "criteria":
        return [key for key in CRITERIA if key in policy.criteria]
    return sorted(_codes(policy)) if name == "controls" else getattr(policy, name)


def _differs(policy: Policy, facts: dict[str, Any], name: str) -> bool:
    if name not in facts:
        return False
    said = sorted(control.code for control in facts[name]) if name == "controls" else facts[name]
    return bool(_has(policy, name) != said)


def _record(line: Line, known: Known) -> Policy | None:
    """The one that a row means. Numbers of another organization mean others here, so title and state go before the number."""
    title, status = line.said.get("title", ""), line.said.get("status") or Status.ACTIVE
    numbered = known.by_number.get(line.said.get("reference", "").casefold())
    titled = [known.by_title.get((title.casefold(), state)) for state in (status, *Status.values)]
    if numbered and (not title or one_line(numbered.title) == title):
        return numbered if numbered.status == status or not title else titled[0] or numbered
    found = next((one for one in titled if one), None)
    if numbered and found is None:
        line.errors.append(
            f"{numbered.reference} is called “{numbered.title}” here. A title changes with a version of the policy."
        )
    return found


REGISTER = PolicyRegister()
