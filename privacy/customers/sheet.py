"""Customers who left as a table, one row for each place with data of theirs: out, and in again without loss.

A case that is closed elsewhere comes as history: its certificate is with whoever made it, and none is made here.
"""

from typing import Any

from django.db.models import Prefetch, QuerySet

from controls.catalogue.drafts import one_line
from controls.sheets import cells as columns
from controls.sheets.cases import CaseRegister, of_case, of_part
from controls.sheets.history import ELSEWHERE, NUMBER, Known
from controls.sheets.register import Cell, Draft, Line
from privacy.models import CustomerStep, DataSet, EndedCustomer
from privacy.models.classes import LONGEST
from privacy.models.customers import MOST_RECORDS
from privacy.rights import READ, WRITE
from tenancy.models import current_organization
from tenancy.scope import now

Status, What, Done = EndedCustomer.Status, CustomerStep.What, CustomerStep.Status
CHANGED = "The customers have changed since this preview was made. Look at the new one below, then import it."
SAMPLE = """Customer,Contract ended,Due,With's e-mail,State,"Which data, where",What is done,Done on,Done by,How
Orchard Foods,2026-01-31,2026-03-02,ada.moreno@company.example,Open,Orders in the database,Destroy it,,,
Orchard Foods,2026-01-31,2026-03-02,ada.moreno@company.example,Open,Exports in the storage,Return it,2026-02-03,Ben Okafor,Sent
"""


def _lines(text: str) -> list[str]:
    found = [one_line(part) for part in text.split("\n") if part.strip()]
    if any(len(one) > 200 for one in found):
        raise ValueError("a name has at most 200 characters.")
    return found


class CustomerRegister(CaseRegister):
    """What was agreed with each, and what became of their data where."""

    key, app, model, prefix, verb = "ended_customers", "privacy", EndedCustomer, "END", "ended_customer.bring"
    title = "Customers who left"
    list_url, import_url, preview_url = "privacy:customer-list", "privacy:customer-import", "privacy:customer-preview"
    export_url, sample_url = "privacy:customer-export", "privacy:customer-sample"
    read, write = READ, WRITE
    sample, changed = SAMPLE, CHANGED
    noun, keys = "Customer", ("name", "reference")
    keyless = "The file does not say which customer: it has no column Customer or Number. Look at the sample file."
    same, done = ("name", "ended_on", "place", "what", "dataset"), ("opened_by",)
    unsaid = ("opened_at",)
    repeated = ("name", "ended_on", "due_on", "agreed", "owner", "status", "closed_at")
    part_model, part_verb, parts, belongs, part_noun = CustomerStep, "customer_step.bring", "steps", "customer", "place"
    part_repeated = ("place", "what", "done_on", "records", "method", "verified", "owner", "dataset", "status")
    told_apart = ("name", "ended_on")
    alike = (
        "former_names", "due_on", "agreed", "status", "owner", "owner_email", "owner_number",
        "opened_by", "opened_at", "closed_at",
    )  # fmt: skip
    cells = (
        *map(
            of_case,
            (
                NUMBER,
                columns.line("name", "Customer", 200, ("name",), required=True),
                Cell("former_names", "Also known as", lambda row: "\n".join(row.former_names), _lines),
                columns.on("ended_on", "Contract ended", ("ended",), required=True),
                columns.on("due_on", "Due", ("due on",), required=True),
                columns.words("agreed", "What was agreed", LONGEST),
                *columns.whom("owner", "With", lambda row: row.owner),
                columns.choice("status", "State", Status),
                columns.doer("opened_by", "Opened by"),
                columns.at("opened_at", "Opened"),
                columns.at("closed_at", "Closed"),
            ),
        ),
        *map(
            of_part,
            (
                columns.line("place", "Which data, where", 300, ("place",)),
                Cell("what", "What is done", lambda row: row.get_what_display(), columns.optional(columns.chosen(What))),
                Cell(
                    "dataset",
                    "Entry of the inventory",
                    lambda row: row.dataset.name if row.dataset else "",
                    one_line,
                    longest=200,
                ),
                *columns.whom("step_owner", "Done with", lambda row: row.owner),
                columns.on("done_on", "Done on"),
                columns.doer("done_by", "Done by"),
                Cell(
                    "records",
                    "Records",
                    lambda row: "" if row.records is None else str(row.records),
                    columns.whole(0, MOST_RECORDS),
                ),
                columns.line("method", "How", 300),
                columns.line("verified", "How it was checked", 300),
            ),
        ),
    )

    def rows(self) -> QuerySet[EndedCustomer]:
        """By number, with their places."""
        steps = CustomerStep.objects.select_related("owner", "dataset", "done_by__user").order_by("place", "pk")
        rows = EndedCustomer.objects.select_related("owner", "opened_by__user")
        return rows.prefetch_related(Prefetch("steps", steps)).order_by("reference")

    def more(self) -> dict[str, Any]:
        """Entries of the inventory by name."""
        return {"datasets": {one.name: one for one in DataSet.objects.all()}}

    def complete(self, line: Line) -> None:
        """What is at a place is destroyed, unless it says otherwise."""
        if line.said.get("place") and not line.said.get("what"):
            line.said["what"] = What.DESTROY

    def case_facts(self, line: Line, known: Known) -> dict[str, Any]:
        """What was agreed."""
        said = line.said
        names = ("name", "former_names", "ended_on", "due_on", "agreed", "closed_at", "status")
        facts = {name: said[name] for name in names if name in said}
        facts |= {
            "owner": known.people.said(line, "owner", "With"),
            "opened_at": said.get("opened_at") or said.get("closed_at") or now(),
        }
        self._check(line, facts)
        return facts

    def _check(self, line: Line, facts: dict[str, Any]) -> None:
        if facts.get("ended_on") and facts.get("due_on") and facts["due_on"] < facts["ended_on"]:
            line.errors.append("Due: before the contract ended.")
        if not facts["opened_at"] <= (facts.get("closed_at") or facts["opened_at"]) <= now():
            line.errors.append("Opened, then closed, and neither after now.")
        closed = facts.get("closed_at")
        if closed and facts.get("ended_on") and current_organization().day_of(closed) < facts["ended_on"] - ELSEWHERE:
            line.errors.append("Closed: before the contract ended.")
        if facts.get("status") == Status.CLOSED and not line.said.get("place"):
            line.errors.append("Which data, where: is missing. One that is closed says what became of which data.")
        if (facts.get("status") == Status.CLOSED) != bool(closed):
            line.errors.append("State: one that is closed says when, and only that.")

    def part_facts(self, line: Line, known: Known) -> dict[str, Any] | None:
        """The place, and what became of the data there."""
        said = line.said
        if not said.get("place"):
            return None
        names = ("place", "what", "done_on", "records", "method", "verified")
        step = {name: said[name] for name in names if name in said}
        step["owner"] = known.people.said(line, "step_owner", "Done with")
        if named := said.get("dataset"):
            step["dataset"] = known.more["datasets"].get(named)
            if step["dataset"] is None:
                line.errors.append(f"Entry of the inventory: there is no {named[:60]}. Import the data inventory first.")
        self._check_step(line, step)
        return {**step, "status": Done.DONE if step.get("done_on") else Done.OPEN}

    def _check_step(self, line: Line, step: dict[str, Any]) -> None:
        done = step.get("done_on")
        if done and (not step.get("method") or done > current_organization().today()):
            line.errors.append("Done on: not after today, and with how.")
        if done and line.said.get("ended_on") and done < line.said["ended_on"]:
            line.errors.append("Done on: before the contract ended.")
        if not done and line.said.get("status") == Status.CLOSED:
            line.errors.append("State: it is closed, and this place is not done.")

    def told(self, draft: Draft) -> str:
        """The place, and what became of it."""
        step, state = draft.facts["part"], Status(draft.facts["status"]).label
        if not step:
            return f"{state}, no place named"
        return f"{state}: {step['place']}, {'done' if step.get('done_on') else 'to be done'}"


REGISTER = CustomerRegister()
