"""Customers who left as a table, one row for each place with data of theirs: out, and in again without loss.

A case that is closed elsewhere comes as history: its certificate is with whoever made it, and none is made here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from audit.actors import Actor
from audit.record import record, record_many
from controls.catalogue.drafts import one_line
from controls.sheets import cells as columns
from controls.sheets.history import HistoryRegister, Known, kept
from controls.sheets.register import Cell, Draft, Line
from privacy.models import CustomerStep, DataSet, EndedCustomer
from privacy.models.classes import LONGEST
from privacy.models.customers import MOST_RECORDS
from privacy.rights import READ, WRITE
from tenancy.models import current_organization
from tenancy.scope import now
from workflow.brought import telling, words_of
from workflow.changes import shown

Status, What, Done = EndedCustomer.Status, CustomerStep.What, CustomerStep.Status
CHANGED = "The customers have changed since this preview was made. Look at the new one below, then import it."
SAMPLE = """Customer,Contract ended,Due,With's e-mail,State,"Which data, where",What is done,Done on,Done by,How
Orchard Foods,2026-01-31,2026-03-02,ada.moreno@company.example,Open,Orders in the database,Destroy it,,,
Orchard Foods,2026-01-31,2026-03-02,ada.moreno@company.example,Open,Exports in the storage,Return it,2026-02-03,Ben Okafor,Sent
"""
_CASE = (
    "former_names",
    "due_on",
    "agreed",
    "owner",
    "owner_email",
    "owner_number",
    "opened_by",
    "opened_at",
    "closed_at",
    "status",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A row: a customer, and one place with data of theirs unless none is named."""

    customer: EndedCustomer
    step: CustomerStep | None

    def __str__(self) -> str:
        return str(self.customer)

    def get_absolute_url(self) -> str:
        """The page of the customer."""
        return self.customer.get_absolute_url()


def _case(name: str, heading: str, read: Any, *also: str, required: bool = False, longest: int = 2000) -> Cell:
    return Cell(name, heading, lambda row: getattr(row.customer, name), read, also, required, longest)


def _step(name: str, heading: str, *also: str, longest: int = 300) -> Cell:
    return Cell(name, heading, lambda row: getattr(row.step, name) if row.step else "", one_line, also, longest=longest)


def _lines(text: str) -> list[str]:
    found = [one_line(part) for part in text.split("\n") if part.strip()]
    if any(len(one) > 200 for one in found):
        raise ValueError("a name has at most 200 characters.")
    return found


class CustomerRegister(HistoryRegister):
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
    cells = (
        Cell("reference", "Number", lambda row: row.customer.reference, one_line, ("reference", "id"), longest=20),
        _case("name", "Customer", columns.needed, "name", required=True, longest=200),
        Cell("former_names", "Also known as", lambda row: "\n".join(row.customer.former_names), _lines),
        Cell(
            "ended_on", "Contract ended", lambda row: columns.written_day(row.customer.ended_on), columns.day, ("ended",),
            required=True,
        ),
        Cell("due_on", "Due", lambda row: columns.written_day(row.customer.due_on), columns.day, ("due on",), required=True),
        _case("agreed", "What was agreed", str, longest=LONGEST),
        *columns.whom("owner", "With", lambda row: row.customer.owner),
        columns.choice("status", "State", Status, of=lambda row: row.customer),
        Cell("opened_by", "Opened by", lambda row: words_of(row.customer, "opened_by"), one_line, longest=400),
        Cell("opened_at", "Opened", lambda row: columns.written_moment(row.customer.opened_at), columns.moment),
        Cell("closed_at", "Closed", lambda row: columns.written_moment(row.customer.closed_at), columns.moment),
        _step("place", "Which data, where", "place"),
        Cell(
            "what", "What is done", lambda row: row.step.get_what_display() if row.step else "",
            columns.optional(columns.chosen(What)),
        ),
        Cell(
            "dataset", "Entry of the inventory", lambda row: row.step.dataset.name if row.step and row.step.dataset else "",
            one_line, longest=200,
        ),
        *columns.whom("step_owner", "Done with", lambda row: row.step.owner if row.step else None),
        Cell(
            "done_on", "Done on", lambda row: columns.written_day(row.step.done_on) if row.step else "",
            columns.optional(columns.day),
        ),
        Cell("done_by", "Done by", lambda row: words_of(row.step, "done_by") if row.step else "", one_line, longest=400),
        Cell(
            "records", "Records", lambda row: str(row.step.records) if row.step and row.step.records is not None else "",
            columns.whole(0, MOST_RECORDS),
        ),
        _step("method", "How"),
        _step("verified", "How it was checked"),
    )  # fmt: skip

    def rows(self) -> QuerySet[EndedCustomer]:
        """By number, with their places."""
        steps = CustomerStep.objects.select_related("owner", "dataset", "done_by__user").order_by("place", "pk")
        rows = EndedCustomer.objects.select_related("owner", "opened_by__user")
        return rows.prefetch_related(Prefetch("steps", steps)).order_by("reference")

    def each(self) -> Iterable[Place]:
        """A row for each place, or one for a customer without any."""
        for customer in self.rows().iterator(chunk_size=500):
            for step in customer.steps.all() or [None]:
                yield Place(customer, step)

    def number_of(self, one: Place) -> str:
        """That of the customer."""
        return one.customer.reference

    def more(self) -> dict[str, Any]:
        """Cases by name and day, entries of the inventory by name, and what the file says of each case."""
        cases = {(one.name, one.ended_on): one for one in EndedCustomer.objects.all()}
        return {"cases": cases, "datasets": {one.name: one for one in DataSet.objects.all()}, "said": {}}

    def complete(self, line: Line) -> None:
        """What is at a place is destroyed, unless it says otherwise."""
        if line.said.get("place") and not line.said.get("what"):
            line.said["what"] = What.DESTROY

    def facts(self, line: Line, known: Known) -> dict[str, Any]:
        """The customer, and under `step` the place."""
        said = line.said
        case = (said.get("name"), said.get("ended_on"))
        if (here := known.more["cases"].get(case)) is not None:
            line.errors.append(f"{here} is here without this place. Add it on its page.")
        about = {name: said.get(name) for name in _CASE}
        if known.more["said"].setdefault(case, about) != about:
            line.errors.append("An earlier row says otherwise of this customer.")
        names = ("name", "former_names", "ended_on", "due_on", "agreed", "closed_at", "status")
        facts = {name: said[name] for name in names if name in said}
        facts |= {
            "owner": known.people.said(line, "owner", "With"),
            "opened_at": said.get("opened_at") or said.get("closed_at") or now(),
        }
        self._check(line, facts)
        return {**facts, "step": self._step(line, known)}

    def _check(self, line: Line, facts: dict[str, Any]) -> None:
        if facts.get("ended_on") and facts.get("due_on") and facts["due_on"] < facts["ended_on"]:
            line.errors.append("Due: before the contract ended.")
        if not facts["opened_at"] <= (facts.get("closed_at") or facts["opened_at"]) <= now():
            line.errors.append("Opened, then closed, and neither after now.")
        if (facts.get("status") == Status.CLOSED) != bool(facts.get("closed_at")):
            line.errors.append("State: one that is closed says when, and only that.")

    def _step(self, line: Line, known: Known) -> dict[str, Any] | None:
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
        if not done and line.said.get("status") == Status.CLOSED:
            line.errors.append("State: it is closed, and this place is not done.")

    def told(self, draft: Draft) -> str:
        """The place, and what became of it."""
        step, state = draft.facts["step"], Status(draft.facts["status"]).label
        if not step:
            return f"{state}, no place named"
        return f"{state}: {step['place']}, {'done' if step.get('done_on') else 'to be done'}"

    def insert(self, drafts: Sequence[Draft], actor: Actor) -> None:
        """Each customer with its places; their events say that they are history."""
        cases: dict[tuple[Any, Any], EndedCustomer] = {}
        for draft in drafts:
            case = (draft.facts["name"], draft.facts["ended_on"])
            step = draft.facts.pop("step")
            if case not in cases:
                cases[case] = self.bring(draft, actor)
                record_many(self.verb, actor=actor, entries=[self._event(draft, cases[case])])
            if step:
                self._bring_step(draft, step, cases[case], actor)

    def _bring_step(self, draft: Draft, step: dict[str, Any], case: EndedCustomer, actor: Actor) -> None:
        told = telling({"done_by": draft.line.said.get("done_by", "")})
        one = kept(CustomerStep(customer=case, **step, **{**self.origin(draft, actor), "told": told}))
        after = {name: shown(value) for name, value in step.items() if value not in (None, "")}
        record("customer_step.bring", one, actor=actor, after=after, metadata={"customer": case.reference})


REGISTER = CustomerRegister()
