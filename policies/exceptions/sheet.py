"""Exceptions as a table: out, and in again without loss. What was approved elsewhere was not approved here, and says so."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.models import Member
from audit.actors import Actor
from controls.catalogue.drafts import one_line
from controls.models.control import Priority
from controls.sheets import cells as columns
from controls.sheets.history import NUMBER, HistoryRegister, Known
from controls.sheets.register import Cell, Draft, Line
from policies.models import Policy, PolicyException
from policies.models.exception import DECIDED, LONGEST
from policies.rights import APPROVE, READ, WRITE
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused

Status = PolicyException.Status
OVER = (Status.ENDED, Status.EXPIRED)
CHANGED = "The exceptions have changed since this preview was made. Look at the new one below, then import it."
SAMPLE = """Policy,For's e-mail,What is not kept to,Why,What makes up for it,What could happen,Severity,Until,State,Asked by,\
Asked,Decided by,Decided,Ended,How it ended
Access control,ada.moreno@company.example,No second factor,An old phone,Only at the office,A stolen password,Medium,2026-03-31,\
Ended early,Ada Moreno,2026-01-05,Ben Okafor,2026-01-07,2026-02-01,She has a new phone.
"""


class ExceptionRegister(HistoryRegister):
    """Who may depart, and might, from what."""

    key, model, prefix, verb = "policy_exceptions", PolicyException, "EXC", "policy_exception.bring"
    title = "Exceptions"
    list_url, import_url, preview_url = "policies:exceptions", "policies:exception-import", "policies:exception-preview"
    export_url, sample_url = "policies:exception-export", "policies:exception-sample"
    read, write = READ, WRITE
    sample, changed = SAMPLE, CHANGED
    noun, keys = "Exception", ("policy", "reference")
    keyless = "The file does not say from which policy: it has no column Policy or Number. Look at the sample file."
    same, done = ("policy", "person", "person_email", "what", "asked_at"), ("version", "asked_by", "decided_by", "finding")
    repeated = ("policy", "person", "severity", "ends_on", "asked_at", "decided_at", "ended_on", "status")
    cells = (
        NUMBER,
        Cell("policy", "Policy", lambda row: row.policy.title, columns.needed, required=True, longest=200),
        Cell("version", "Version", lambda row: row.version_told, one_line, longest=10),
        *columns.whom("person", "For", lambda row: row.person),
        columns.words("what", "What is not kept to", LONGEST, ("what",), required=True),
        columns.words("why", "Why", LONGEST, required=True),
        columns.words("compensating", "What makes up for it", LONGEST, ("compensating control",), required=True),
        columns.words("risk", "What could happen", LONGEST, ("risk",), required=True),
        columns.choice("severity", "Severity", Priority),
        columns.on("ends_on", "Until", ("ends on", "end"), required=True),
        columns.choice("status", "State", Status, ("status",)),
        columns.doer("asked_by", "Asked by"),
        columns.at("asked_at", "Asked", required=True),
        columns.doer("decided_by", "Decided by"),
        columns.at("decided_at", "Decided"),
        columns.words("decision_note", "The decision", LONGEST),
        columns.on("ended_on", "Ended"),
        columns.words("ended_reason", "How it ended", LONGEST),
        Cell("finding", "Finding", lambda row: row.finding_told, one_line, longest=40),
    )

    def rows(self) -> QuerySet[PolicyException]:
        """The oldest first."""
        related = ("policy", "version", "person", "asked_by__user", "decided_by__user", "finding")
        return PolicyException.objects.select_related(*related).order_by("asked_at", "reference")

    def more(self) -> dict[str, Any]:
        """Policies by title, those in use before those that are not."""
        return {"policies": {one.title.casefold(): one for one in Policy.objects.order_by("-status", "pk")}}

    def facts(self, line: Line, known: Known) -> dict[str, Any]:
        """What was asked for and decided."""
        said = line.said
        names = (
            "what",
            "why",
            "compensating",
            "risk",
            "severity",
            "ends_on",
            "status",
            "asked_at",
            "decided_at",
            "decision_note",
        )
        facts = {name: said[name] for name in (*names, "ended_on", "ended_reason") if name in said}
        facts |= {"policy": known.more["policies"].get(said.get("policy", "").casefold())}
        facts |= {"person": known.people.said(line, "person", "For")}
        if facts["policy"] is None:
            line.errors.append(f"Policy: there is no {said.get('policy', '')[:60]}. Import the policies first.")
        if facts["person"] is None:
            line.errors.append("For: is missing.")
        self._check(line, facts)
        return facts

    def _check(self, line: Line, facts: dict[str, Any]) -> None:
        asked, decided, ended = (facts.get(name) for name in ("asked_at", "decided_at", "ended_on"))
        today = current_organization().today()
        if asked is None or asked > now() or (decided and not asked <= decided <= now()):
            line.errors.append("Asked, then decided, and neither after now.")
        if facts.get("status") in DECIDED and not (decided and line.said.get("decided_by")):
            line.errors.append("State: one that was decided on says when, and by whom.")
        if (facts.get("status") in OVER) != bool(ended) or (ended and ended > today):
            line.errors.append("State: one that ended says on which day, and only that; not after today.")
        if facts.get("status") == Status.APPROVED and facts.get("ends_on") and facts["ends_on"] < today:
            line.errors.append("Until: it is over. Say that it has expired, and when it ended.")

    def told(self, draft: Draft) -> str:
        """For whom, until when, and how it stands."""
        facts = draft.facts
        return f"For {facts['person'].name} until {facts['ends_on']:%-d %B %Y}: {Status(facts['status']).label.lower()}"

    def insert(self, drafts: Sequence[Draft], actor: Actor) -> None:
        """What holds from now on is brought by somebody who could approve it, and whom it is not for."""
        for draft in drafts:
            if draft.facts["status"] == Status.APPROVED:
                self._refuse(draft, actor)
        super().insert(drafts, actor)

    def _refuse(self, draft: Draft, actor: Actor) -> None:
        row, deciders = f"Row {draft.line.number}", draft.line.said.get("decided_by", "").casefold()
        if not isinstance(actor, Member) or not actor.can(APPROVE):
            raise ActionRefused(f"{row} holds: it is brought by somebody who approves policies. Leave it out here.")
        if draft.facts["person"].member_id == actor.pk:
            raise ActionRefused(f"{row} is for you: somebody else brings it. Leave it out here.")
        if actor.name.casefold() in deciders or actor.email.casefold() in deciders:
            raise ActionRefused(f"{row} was approved by you: somebody else brings it. Leave it out here.")

    def bring(self, draft: Draft, actor: Actor) -> PolicyException:
        """Asked for here by whoever brings it, so that they decide on none that waits; decided on here by nobody."""
        draft.facts["asked_by"] = actor
        one: PolicyException = super().bring(draft, actor)
        return one


REGISTER = ExceptionRegister()
