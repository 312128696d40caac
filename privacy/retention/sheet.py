"""Legal holds as a table: out, and in again without loss. What is in force holds here from then on. Files are sealed."""

from typing import Any

from django.db.models import QuerySet

from controls.catalogue.drafts import one_line
from controls.sheets import cells as columns
from controls.sheets.history import NUMBER, HistoryRegister, Known
from controls.sheets.register import Cell, Draft, Line
from privacy.models import LegalHold
from privacy.models.classes import LONGEST
from privacy.retention.holding import FIELDS, kinds
from privacy.rights import HOLD
from tenancy.scope import now

Status = LegalHold.Status
CHANGED = "The holds have changed since this preview was made. Look at the new one below, then import it."
SAMPLE = """Number,Matter,Why,Of which data,Whose data,Data from,Data to,State,Placed by,Placed,Lifted by,Lifted,Why it was lifted
,Dispute with Orchard Foods,They have announced a claim.,,Orchard Foods,,,In force,Ada Moreno,2026-02-10T09:00:00+00:00,,,
,Inquiry of 2025,The authority asked for it.,,,2025-01-01,2025-06-30,Lifted,Ada Moreno,2025-07-01,Ben Okafor,2025-12-01,Over.
"""


def _kinds(text: str) -> list[str]:
    """Kinds of data, a line or a semicolon between two: by their words or keys. Raises ValueError."""
    known = {label.casefold(): key for key, label in kinds()} | {key: key for key, _ in kinds()}
    given = [one_line(part) for part in text.replace(";", "\n").split("\n") if part.strip()]
    if unknown := [one for one in given if one.casefold() not in known]:
        raise ValueError(f"there is no “{unknown[0][:60]}”. Empty is all data.")
    return sorted({known[one.casefold()] for one in given})


def _told_kinds(hold: LegalHold) -> str:
    known = dict(kinds())
    return "\n".join(known.get(one, one) for one in hold.kinds)


class HoldRegister(HistoryRegister):
    """What must not be deleted, and what had not to be."""

    key, app, model, prefix, verb = "legal_holds", "privacy", LegalHold, "HOLD", "legal_hold.bring"
    title = "Legal holds"
    list_url, import_url, preview_url = "privacy:hold-list", "privacy:hold-import", "privacy:hold-preview"
    export_url, sample_url = "privacy:hold-export", "privacy:hold-sample"
    read, write = HOLD, HOLD  # it says whom they are about
    sample, changed, sealed = SAMPLE, CHANGED, True
    careful = "It says whom holds are about: keep it as you keep this page."
    noun, keys = "Matter", ("matter", "reference")
    keyless = "The file does not say which hold: it has no column Matter or Number. Look at the sample file."
    same, done = ("matter", "placed_at"), ("placed_by", "lifted_by")
    repeated = (*(one for one in FIELDS if one != "about"), "placed_at", "lifted_at", "lifted_reason", "status")
    cells = (
        NUMBER,
        columns.line("matter", "Matter", 200, ("title", "name"), required=True),
        columns.words("reason", "Why", LONGEST, ("reason",), required=True),
        Cell("kinds", "Of which data", _told_kinds, _kinds, ("kinds", "data")),
        columns.line("about", "Whose data", 320, ("whose", "about")),
        columns.on("since", "Data from", ("from",)),
        columns.on("until", "Data to", ("to",)),
        columns.choice("status", "State", Status, ("status",)),
        columns.doer("placed_by", "Placed by"),
        columns.at("placed_at", "Placed", ("placed at", "placed on"), required=True),
        columns.doer("lifted_by", "Lifted by"),
        columns.at("lifted_at", "Lifted", ("lifted at", "lifted on")),
        columns.words("lifted_reason", "Why it was lifted", LONGEST),
    )

    def rows(self) -> QuerySet[LegalHold]:
        """The oldest first."""
        return LegalHold.objects.select_related("placed_by__user", "lifted_by__user").order_by("placed_at", "reference")

    def facts(self, line: Line, known: Known) -> dict[str, Any]:
        """A hold that is in force was lifted by nobody; one that was lifted says when and why."""
        said = line.said
        names = ("matter", "reason", "kinds", "about", "since", "until", "status", "placed_at", "lifted_at", "lifted_reason")
        facts = {name: said[name] for name in names if name in said}
        placed, lifted = facts.get("placed_at"), facts.get("lifted_at")
        if facts.get("since") and facts.get("until") and facts["until"] < facts["since"]:
            line.errors.append("Data to: it ends before it begins.")
        if placed is None:
            line.errors.append("Placed: is missing.")
        elif placed > now() or (lifted and not placed <= lifted <= now()):
            line.errors.append("Placed, then lifted, and neither after now.")
        over = facts.get("status") == Status.LIFTED
        if over != bool(lifted) or over != bool(facts.get("lifted_reason")):
            line.errors.append("State: one that is lifted says when and why, and only that.")
        return facts

    def told(self, draft: Draft) -> str:
        """Whether it holds from now on."""
        if draft.facts["status"] == Status.IN_FORCE:
            return "In force: nothing that it covers is deleted here from the import on"
        return f"Lifted on {draft.facts['lifted_at']:%-d %B %Y}: kept as history"


REGISTER = HoldRegister()
