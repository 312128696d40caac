"""Background checks are recorded, corrected and withdrawn. How one came out is in no event."""

import datetime as dt
from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.catalogue.drafts import one_line, tidy
from inventory.models import Person
from policies.background.rights import authorise, member_of
from policies.models import BackgroundCheck, BackgroundRule
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.changes import change, differing, shown
from workflow.uniqueness import refusing_taken

FACTS = ("person", "checked_on", "provider")


@action
def record_check(
    *, actor: Actor, person: Person, checked_on: dt.date, provider: str, outcome: str, note: str = ""
) -> BackgroundCheck:
    """Somebody was checked. `outcome` is one of BackgroundCheck.Outcome. Raises ActionRefused."""
    authorise(actor)
    check_day(checked_on)
    made = BackgroundCheck(
        person=person, checked_on=checked_on, provider=named(provider), recorded_by=member_of(actor), recorded_at=now()
    )
    made.put(known(outcome), tidy(note))
    with refusing_taken(BackgroundCheck):
        made.save(force_insert=True)
    record("background_check.add", made, actor=actor, after=told_of(made))
    return made


@action
def edit_check(check: BackgroundCheck, *, actor: Actor, **facts: Any) -> BackgroundCheck:
    """Correct one: its day, its provider, how it came out, the note. Whose it is stays. Raises ActionRefused."""
    authorise(actor)
    current = locked(check)
    if current.status == BackgroundCheck.Status.WITHDRAWN:
        raise ActionRefused("It is withdrawn: record another one instead.")
    if "checked_on" in facts:
        check_day(facts["checked_on"])
    if "provider" in facts:
        facts["provider"] = named(facts["provider"])
    if not rewrite(current, actor, facts):
        raise ActionRefused("Nothing is different.")
    return locked(check)


def rewrite(current: BackgroundCheck, actor: Actor, facts: dict[str, Any]) -> bool:
    """Write what differs of one that is locked, and whether anything did. Part of an action. Raises ActionRefused.

    What is sealed is told by that it was changed, not from what to what.
    """
    open_facts: dict[str, Any] = {name: facts[name] for name in ("checked_on", "provider") if name in facts}
    outcome, note = current.told()
    wanted = (str(facts.get("outcome", outcome)), tidy(facts.get("note", note)))
    if wanted == (outcome, note) and not differing(current, open_facts):
        return False
    if wanted != (outcome, note):
        current.put(known(wanted[0]), wanted[1])
        current.save(update_fields=["sealed"])
        record("background_check.reseal", current, actor=actor)
    with refusing_taken(BackgroundCheck):
        change(current, "background_check.edit", actor=actor, fields=open_facts)
    return True


@action
def withdraw_check(check: BackgroundCheck, *, actor: Actor, reason: str) -> BackgroundCheck:
    """It was wrong and counts no more. It stays, with the reason."""
    why = stated(reason)
    return BackgroundCheck.WITHDRAW.apply(check, actor=actor, note=why, withdrawn_reason=why)


@action
def put_rule(*, actor: Actor, since: dt.date, contractors: bool) -> BackgroundRule:
    """Say from which day on nobody gets access before their check. Raises ActionRefused."""
    authorise(actor)
    rule = BackgroundRule.objects.select_for_update().first()
    facts: dict[str, Any] = {"since": since, "contractors": contractors}
    if rule is not None:
        if not differing(rule, facts):
            raise ActionRefused("Nothing is different.")
        return change(rule, "background_rule.change", actor=actor, fields=facts)
    rule = BackgroundRule(**facts)
    with refusing_taken(BackgroundRule):
        rule.save(force_insert=True)
    record("background_rule.set", rule, actor=actor, after=facts)
    return rule


def locked(check: BackgroundCheck) -> BackgroundCheck:
    """As it is now, locked."""
    return BackgroundCheck.objects.select_for_update(of=("self",)).select_related("person").get(pk=check.pk)


def check_day(day: dt.date) -> None:
    """Raise ActionRefused for a day to come."""
    if day > current_organization().today():
        raise ActionRefused("Not after today.", field="checked_on")


def named(provider: str) -> str:
    """A provider's name on one line. Raises ActionRefused for none."""
    return stated(one_line(provider), "Say who checked.", field="provider")


def known(outcome: str) -> str:
    """One of the outcomes. Raises ActionRefused for any other."""
    if outcome not in BackgroundCheck.Outcome.values:
        raise ActionRefused("Say how it came out.", field="outcome")
    return str(outcome)


def told_of(check: BackgroundCheck) -> dict[str, Any]:
    """What its event says: nothing of how it came out."""
    return {name: shown(getattr(check, name)) for name in FACTS}
