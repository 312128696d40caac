"""Customers who left: opening a case, what is done where, and closing it with a certificate."""

import datetime as dt
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from privacy.models import CustomerStep, DeletionCertificate, EndedCustomer
from privacy.models.customers import DUE_TOO_EARLY
from privacy.retention.deleting import certify
from privacy.retention.holding import CUSTOMERS, refuse_held
from privacy.rights import WRITE
from privacy.writing import authorise, edit, keep, move
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from ui.values import spelled
from workflow.references import next_reference

Status = EndedCustomer.Status
STEP_FIELDS = ("what", "place", "dataset", "owner")


@action
def open_case(*, actor: Actor, name: str, ended_on: dt.date, due_on: dt.date, **facts: Any) -> EndedCustomer:
    """Open one. Raises ActionRefused."""
    authorise(actor, WRITE)
    _check_days(ended_on, due_on)
    case = EndedCustomer(
        reference=next_reference("END", f"{now():%Y}"),
        name=name.strip(),
        ended_on=ended_on,
        due_on=due_on,
        opened_by=actor if isinstance(actor, Member) else None,
        opened_at=now(),
        **facts,
    )
    said = ["name", "ended_on", "due_on", *facts]
    return keep(case, "ended_customer.open", actor=actor, permission=WRITE, fields=said)


def edit_case(case: EndedCustomer, *, actor: Actor, **facts: Any) -> EndedCustomer:
    """Change what is written about one that is open; holds go on knowing it by the names it had. Raises ActionRefused."""
    now_there = case.refreshed()
    _refuse_over(now_there)
    _check_days(facts.get("ended_on", now_there.ended_on), facts.get("due_on", now_there.due_on))
    if facts.get("name", now_there.name) != now_there.name:
        facts["former_names"] = list(dict.fromkeys([*now_there.former_names, now_there.name]))
    return edit(now_there, "ended_customer.edit", actor=actor, permission=WRITE, fields=facts)


@action
def add_step(case: EndedCustomer, *, actor: Actor, **facts: Any) -> CustomerStep:
    """Add data of theirs in one place. Raises ActionRefused."""
    _refuse_over(_locked(case))
    step = CustomerStep(customer=case, **facts)
    return keep(
        step, "customer_step.add", actor=actor, permission=WRITE, fields=STEP_FIELDS, metadata={"customer": case.reference}
    )


@action
def do_step(
    step: CustomerStep, *, actor: Actor, done_on: dt.date, method: str, records: int | None = None, verified: str = ""
) -> CustomerStep:
    """Say that it was returned or destroyed there. What a hold covers must not be destroyed. Raises ActionRefused."""
    case = _locked(step.customer)
    _refuse_over(case)
    if done_on > current_organization().today():
        raise ActionRefused("Not after today.", field="done_on")
    if done_on < case.ended_on:
        raise ActionRefused("The contract had not ended then.", field="done_on")
    done = move(
        step, CustomerStep.DO, actor=actor, done_on=done_on, method=method.strip(), records=records, verified=verified.strip(),
        done_by=actor if isinstance(actor, Member) else None,
    )  # fmt: skip
    if step.what == CustomerStep.What.DESTROY:
        refuse_held(CUSTOMERS, *case.names)
    return done


@action
def reopen_step(step: CustomerStep, *, actor: Actor, reason: str) -> CustomerStep:
    """It was not done after all. Raises ActionRefused."""
    _refuse_over(_locked(step.customer))
    return move(step, CustomerStep.REOPEN, actor=actor, note=reason, done_on=None, done_by=None)


@action
def close_case(case: EndedCustomer, *, actor: Actor) -> DeletionCertificate:
    """Close it once every step is done, with a certificate. Raises ActionRefused."""
    EndedCustomer.CLOSE.authorise(actor)
    locked = _locked(case)
    EndedCustomer.CLOSE.check(locked)
    steps = list(locked.steps.order_by("place", "pk"))
    if not steps:
        raise ActionRefused("Say first which data of theirs there is, and where.")
    if left := [step.place for step in steps if step.status != CustomerStep.Status.DONE]:
        raise ActionRefused(f"Still to be done: {', '.join(left[:5])}.")
    move(locked, EndedCustomer.CLOSE, actor=actor, closed_at=now())
    made = _certify(locked, steps, actor=actor, ends=f"due {spelled(locked.due_on)}")
    refuse_held(CUSTOMERS, *locked.names)
    return made


@action
def cancel_case(case: EndedCustomer, *, actor: Actor, reason: str) -> EndedCustomer:
    """The customer stays after all. What was destroyed until then gets its certificate. Raises ActionRefused."""
    locked = _locked(case)
    cancelled = move(locked, EndedCustomer.CANCEL, actor=actor, note=reason)
    steps = list(locked.steps.filter(status=CustomerStep.Status.DONE).order_by("place", "pk"))
    if any(step.what == CustomerStep.What.DESTROY for step in steps):
        _certify(locked, steps, actor=actor, ends="cancelled as the customer stays")
    return cancelled


def _certify(case: EndedCustomer, steps: list[CustomerStep], *, actor: Actor, ends: str) -> DeletionCertificate:
    """The certificate of what was returned and destroyed at `steps`."""
    return certify(
        what=f"Data of {case.name}",
        listed=[f"{step.pk} {step.what} {step.place} {step.done_on}" for step in steps],
        count=sum(step.records or 0 for step in steps if step.what == CustomerStep.What.DESTROY),
        under=f"{case.reference}, contract ended {spelled(case.ended_on)}, {ends}",
        method="; ".join(dict.fromkeys(_how(step) for step in steps)),
        customer=case,
        actor=actor,
    )


def _how(step: CustomerStep) -> str:
    """How it was done, and where that is only what a file said."""
    return f"{step.method} (elsewhere, as a file said)" if step.brought_at and step.done_by_id is None else step.method


def _check_days(ended_on: dt.date, due_on: dt.date) -> None:
    if due_on < ended_on:
        raise ActionRefused(DUE_TOO_EARLY, field="due_on")


def _refuse_over(case: EndedCustomer) -> None:
    if case.status != Status.OPEN:
        raise ActionRefused(f"{case} is {case.get_status_display().lower()}.")


def _locked(case: EndedCustomer) -> EndedCustomer:
    return EndedCustomer.objects.select_for_update(of=("self",)).get(pk=case.pk)
