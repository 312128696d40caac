"""Violations as a table: out, and in again without loss. What Plumbline found elsewhere is what another system found here."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import Member
from audit.actors import Actor
from controls.catalogue.drafts import one_line
from controls.models.control import Priority
from controls.sheets import cells as columns
from controls.sheets.history import NUMBER, HistoryRegister, Known
from controls.sheets.register import Cell, Draft, Line
from policies.models import Policy, Violation
from policies.models.violation import LONGEST
from policies.rights import READ
from policies.violations.actions import fingerprint_of
from policies.violations.rights import VIOLATIONS
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.brought import words_of

Detected, Status = Violation.Detected, Violation.Status
ITSELF = "Plumbline"
_ELSEWHERE = {"detected": Detected.RULE, "reported_as": ITSELF}  # of what Plumbline found elsewhere
CHANGED = "The violations have changed since this preview was made. Look at the new one below, then import it."
SAMPLE = """What is wrong,Policy,Where,Whose's e-mail,Severity,Found by,System,Found,With's e-mail,Due,State,Ended,What was done
A shared account,,Mail relay,ada.moreno@company.example,High,A person,,2026-01-12,ben.okafor@company.example,2026-02-11,Open,,
Old cipher,,Web shop,,Medium,A rule of another system,Scanner,2026-01-15,,2026-03-15,Remediated,2026-02-01,Turned off.
"""


def _system(one: Violation) -> str:
    return one.reported_as or (ITSELF if one.detected == Detected.SYSTEM else "")


class ViolationRegister(HistoryRegister):
    """Where policies were not kept."""

    key, model, prefix, verb = "violations", Violation, "VIO", "violation.bring"
    title = "Violations"
    list_url, import_url, preview_url = "policies:violations", "policies:violation-import", "policies:violation-preview"
    export_url, sample_url = "policies:violation-export", "policies:violation-sample"
    read, write = READ, VIOLATIONS
    sample, changed = SAMPLE, CHANGED
    noun, keys = "Violation", ("title", "reference")
    keyless = "The file does not say what is wrong: it has no column What is wrong or Number. Look at the sample file."
    same, done = ("title", "resource", "detected_at", "person", "member"), ("member", "reported_by", "ended_by")
    unsaid = ("last_seen_at",)
    repeated = (
        "title",
        "resource",
        "policy",
        "severity",
        "person",
        "owner",
        "due_on",
        "reported_as",
        "rule",
        "detected_at",
        "status",
    )
    cells = (
        NUMBER,
        columns.line("title", "What is wrong", 200, ("title",), required=True),
        columns.words("description", "More about it", LONGEST, ("description",)),
        Cell("policy", "Policy", lambda row: row.policy.title if row.policy else "", one_line, longest=200),
        columns.line("resource", "Where", 200, ("resource",), required=True),
        *columns.whom("person", "Whose", lambda row: row.person),
        columns.doer("member", "Whose account"),
        columns.choice("severity", "Severity", Priority),
        columns.choice("detected", "Found by", Detected, ("detected",)),
        Cell("reported_as", "System", _system, one_line, longest=100),
        columns.line("rule", "Rule", 100),
        columns.doer("reported_by", "Reported by"),
        columns.at("detected_at", "Found", ("found at", "detected at"), required=True),
        Cell("times_seen", "Times", lambda row: str(row.times_seen), columns.whole(1, 2_000_000_000)),
        columns.at("last_seen_at", "Last seen"),
        *columns.whom("owner", "With", lambda row: row.owner),
        columns.on("due_on", "Due", required=True),
        columns.choice("status", "State", Status, ("status",)),
        Cell("ended_by", "Ended by", lambda row: words_of(row, "ended_by"), one_line, longest=400),
        columns.at("ended_at", "Ended"),
        columns.words("outcome", "What was done", LONGEST, ("outcome", "what was done, or why it is none")),
    )

    def rows(self) -> QuerySet[Violation]:
        """The oldest first."""
        related = ("policy", "person", "member__user", "owner", "reported_by__user", "ended_by__user")
        return Violation.objects.select_related(*related).order_by("detected_at", "reference")

    def more(self) -> dict[str, Any]:
        """Policies by title, those in use before those that are not; what open ones are the same by."""
        policies = {one.title.casefold(): one for one in Policy.objects.order_by("-status", "pk")}
        there = Violation.objects.filter(status=Status.OPEN).exclude(fingerprint="")
        return {"policies": policies, "open": set(there.values_list("fingerprint", flat=True))}

    def facts(self, line: Line, known: Known) -> dict[str, Any]:
        """What it says, with whoever it names; a rule's is counted on here while it is open."""
        said = line.said
        names = (
            "title",
            "description",
            "resource",
            "severity",
            "detected",
            "rule",
            "detected_at",
            "due_on",
            "status",
            "ended_at",
        )
        facts = {name: said[name] for name in (*names, "outcome", "reported_as", "times_seen") if said.get(name) is not None}
        facts |= {"person": known.people.said(line, "person", "Whose"), "owner": known.people.said(line, "owner", "With")}
        facts["last_seen_at"] = said.get("last_seen_at") or facts.get("detected_at")
        if facts.get("detected") == Detected.SYSTEM:
            facts |= _ELSEWHERE
        if named := said.get("policy"):
            facts["policy"] = known.more["policies"].get(named.casefold())
            if facts["policy"] is None:
                line.errors.append(f"Policy: there is no {named[:60]}. Import the policies first.")
        self._check(line, facts)
        return {**facts, "fingerprint": self._fingerprint(line, facts, known)}

    def same_as(self, line: Line, record: Violation) -> Draft | None:
        """What Plumbline found elsewhere is here as it came in."""
        if line.said.get("detected") == Detected.SYSTEM != record.detected:
            line.said |= _ELSEWHERE
        return super().same_as(line, record)

    def _check(self, line: Line, facts: dict[str, Any]) -> None:
        found, seen, ended = (facts.get(name) for name in ("detected_at", "last_seen_at", "ended_at"))
        if found is None or seen is None or not found <= seen <= now():
            line.errors.append("Found, then last seen, and neither after now.")
        elif ended and not found <= ended <= now():
            line.errors.append("Ended: after it was found, and not after now.")
        over = facts.get("status") != Status.OPEN
        if over != bool(ended) or over != bool(facts.get("outcome")):
            line.errors.append("State: one that is over says when it ended and what was done, and only that.")
        if facts.get("detected") == Detected.RULE and not facts.get("reported_as"):
            line.errors.append("System: say which system has this rule.")

    def _fingerprint(self, line: Line, facts: dict[str, Any], known: Known) -> str:
        """By what the system that found it goes on counting it; none for what Plumbline found elsewhere."""
        ours = line.said.get("detected") != Detected.RULE or facts.get("status") != Status.OPEN or not facts.get("rule")
        if ours or line.errors:
            return ""
        person = facts["person"]
        same = fingerprint_of("rule", facts["reported_as"], facts["rule"], facts["resource"], person.pk if person else "")
        if same in known.more["open"]:
            line.errors.append("The same is open already.")
        known.more["open"].add(same)
        return same

    def told(self, draft: Draft) -> str:
        """Where, and how it stands."""
        return f"{draft.facts['resource']}, {Status(draft.facts['status']).label.lower()}"

    def bring(self, draft: Draft, actor: Actor) -> Violation:
        """Who brings it reports it here, and answers for how it ended; the names of the file are told beside it."""
        if not isinstance(actor, Member):
            raise ActionRefused("Only a member reports violations.")
        over = draft.facts["status"] != Status.OPEN
        draft.facts |= {"reported_by": actor, "ended_by": actor if over else None}
        one: Violation = super().bring(draft, actor)
        return one


REGISTER = ViolationRegister()
