"""Writing audit periods. What is in scope moves every figure, so each write derives the states anew."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.criteria import CRITERIA, Category, in_order
from controls.models import AuditPeriod, CriterionExclusion, Engagement
from controls.occurrences.layout import lay_out
from controls.status.keep import refresh
from tenancy.models import current_organization
from ui.refusals import ActionRefused
from workflow.changes import change, differing, shown
from workflow.uniqueness import refusing_taken

LONGEST = dt.timedelta(days=731)
# A year that was mistyped would lay out every control for centuries.
MOST_YEARS_BACK, MOST_YEARS_AHEAD = 20, 5


@action
def create_period(
    *, actor: Actor, name: str, kind: str, starts_on: dt.date, ends_on: dt.date, categories: Iterable[str] = ()
) -> AuditPeriod:
    """Add a period. Security is in scope whether named or not."""
    period = AuditPeriod(name=name.strip(), kind=kind, starts_on=starts_on, ends_on=ends_on, categories=with_security(categories))
    _check_days(period.starts_on, period.ends_on)
    period.full_clean()
    with refusing_taken(AuditPeriod):
        period.save(force_insert=True)
    names = ("name", "kind", "starts_on", "ends_on", "categories")
    record("period.create", period, actor=actor, after={field: getattr(period, field) for field in names})
    _follow(actor)
    return period


def edit_period(period: AuditPeriod, *, actor: Actor, **fields: Any) -> AuditPeriod:
    """Change name, type, days or categories of an open period."""
    if "categories" in fields:
        fields["categories"] = with_security(fields["categories"])
    current = AuditPeriod.objects.get(pk=period.pk)
    return _edit_period(current, actor, fields) if differing(current, fields) else current


@action
def _edit_period(period: AuditPeriod, actor: Actor, fields: dict[str, Any]) -> AuditPeriod:
    locked = _locked(period)
    _check_days(fields.get("starts_on", locked.starts_on), fields.get("ends_on", locked.ends_on))
    with refusing_taken(AuditPeriod):
        changed = change(locked, "period.edit", actor=actor, fields=fields)
    _follow(actor)
    return changed


@action
def close_period(period: AuditPeriod, *, actor: Actor, reason: str = "") -> None:
    """End the work on a period: its figures stay as they are from now on."""
    AuditPeriod.CLOSE.apply(period, actor=actor, note=reason.strip())


@action
def reopen_period(period: AuditPeriod, *, actor: Actor, reason: str) -> None:
    """Work on it again."""
    AuditPeriod.REOPEN.apply(period, actor=actor, note=_said(reason))
    _follow(actor)


@action
def judge_not_relevant(period: AuditPeriod, criteria: Iterable[str], *, actor: Actor, reason: str) -> None:
    """Leave criteria out of the scope of a period, with the reason that the system description repeats."""
    locked = _locked(period)
    keys = _known(criteria)
    for key in keys:
        if CRITERIA[key].category not in locked.categories:
            raise ActionRefused(f"{key} belongs to a category that is not in scope of this period.", field="criteria")
    text = _said(reason)
    made_by = getattr(actor, "pk", None)
    for key in keys:
        CriterionExclusion.objects.update_or_create(
            period=locked, criterion=key, defaults={"reason": text, "made_by_id": made_by}
        )
    record("period.exclude", locked, actor=actor, after={"criteria": list(keys)}, note=text)
    refresh()


@action
def take_back_into_scope(period: AuditPeriod, criteria: Iterable[str], *, actor: Actor) -> None:
    """Criteria that were judged not relevant are in scope again."""
    locked = _locked(period)
    keys = _known(criteria)
    found = CriterionExclusion.objects.filter(period=locked, criterion__in=keys)
    before = {one.criterion: one.reason for one in found}
    if not before:
        raise ActionRefused("It is in scope already.")
    found.delete()
    record("period.include", locked, actor=actor, before=before, after={"criteria": list(before)})
    refresh()


@action
def record_engagement(period: AuditPeriod, *, actor: Actor, **fields: Any) -> Engagement:
    """Note the auditor of a period, or what came of the audit. One record for each period."""
    locked = AuditPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
    engagement = Engagement.objects.filter(period=locked).first()
    if engagement is None:
        engagement = Engagement(period=locked, **fields)
        engagement.full_clean()
        engagement.save(force_insert=True)
        after = {name: shown(value) for name, value in fields.items() if value}
        record("engagement.create", engagement, actor=actor, after=after)
        return engagement
    if differing(engagement, fields):
        return change(engagement, "engagement.edit", actor=actor, fields=fields)
    raise ActionRefused("Nothing was changed.")


def _follow(actor: Actor) -> None:
    """What is expected reaches as far as the periods do, and each has its states."""
    lay_out(actor=actor)
    refresh()


def with_security(categories: Iterable[str]) -> list[str]:
    """The categories in their fixed order, with Security. Raises ActionRefused for one that does not exist."""
    chosen = {Category.SECURITY.value, *categories}
    if unknown := chosen - set(Category.values):
        raise ActionRefused(f"There is no category {', '.join(sorted(unknown))}.", field="categories")
    return [value for value in Category.values if value in chosen]


def _known(criteria: Iterable[str]) -> tuple[str, ...]:
    try:
        keys = in_order(criteria)
    except KeyError as error:
        raise ActionRefused(f"There is no criterion {error.args[0]}.", field="criteria") from error
    if not keys:
        raise ActionRefused("Choose at least one criterion.", field="criteria")
    return keys


def _locked(period: AuditPeriod) -> AuditPeriod:
    locked = AuditPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
    _check_open(locked)
    return locked


def _check_open(period: AuditPeriod) -> None:
    if period.status != AuditPeriod.Status.OPEN:
        raise ActionRefused(f"{period} is closed: open it again first.")


def _check_days(starts_on: dt.date, ends_on: dt.date) -> None:
    this_year = current_organization().today().year
    if starts_on.year < this_year - MOST_YEARS_BACK:
        raise ActionRefused(
            f"Check the year: a period begins in {this_year - MOST_YEARS_BACK} at the earliest.", field="starts_on"
        )
    if ends_on.year > this_year + MOST_YEARS_AHEAD:
        raise ActionRefused(f"Check the year: a period ends in {this_year + MOST_YEARS_AHEAD} at the latest.", field="ends_on")
    if ends_on - starts_on > LONGEST:
        raise ActionRefused("A period is at most two years long.", field="ends_on")


def _said(reason: str) -> str:
    if not reason.strip():
        raise ActionRefused("Give a reason: an auditor will ask for it.", field="reason")
    return reason.strip()
