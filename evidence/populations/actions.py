"""Freezing a population: asked for in a request, done by a worker."""

import datetime as dt
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import WORKER, Actor
from audit.record import record
from evidence.files import store
from evidence.models import Population
from evidence.populations.registry import Table, kind_of
from evidence.populations.workbook import written
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from ui.screens.listing import FIRST_YEAR
from ui.values import exact, spelled
from workflow.references import next_reference

LONGEST = dt.timedelta(days=731)


@action
def begin_freezing(kind: str, period_from: dt.date, period_to: dt.date, *, actor: Actor) -> Population:
    """Note that a population is being frozen. Raises ActionRefused for days to come, of which nobody knows all."""
    if not actor.can(Population.FREEZE.permission):
        raise ActionRefused("Your role does not allow this.")
    known, organization = kind_of(kind), current_organization()
    if period_from > period_to:
        raise ActionRefused("The period ends before it begins.", field="period_to")
    if period_from.year < FIRST_YEAR:
        raise ActionRefused(f"Choose days from {FIRST_YEAR} on.", field="period_from")
    if period_to > organization.today():
        raise ActionRefused("Not after today: what is still to come cannot be frozen.", field="period_to")
    if period_to - period_from > LONGEST:
        raise ActionRefused("A period is at most two years long.", field="period_to")
    population = Population(
        reference=next_reference("POP", f"{organization.today():%Y}"),
        kind=kind,
        title=f"{known.label}, {spelled(period_from)} to {spelled(period_to)}",
        period_from=period_from,
        period_to=period_to,
        made_by=actor if isinstance(actor, Member) else None,
    )
    population.full_clean(exclude=["file", "made_by"])
    population.save(force_insert=True)
    record("population.begin", population, actor=actor, after={"title": population.title})
    return population


@action
def freeze(population: Population) -> Population:
    """Read the rows, keep them as a workbook, and note their digest. Raises ActionRefused for rows that cannot be kept."""
    kind = kind_of(population.kind)
    organization = current_organization()
    table = kind.source(population.period_from, population.period_to)
    statement = said(kind.statement, table, now())
    about = [
        ("Population", f"{population.reference} {population.title}"),
        ("Organization", organization.name),
        ("Asked for by", population.made_by.name if population.made_by else ""),
        ("Source", statement),
    ]
    with written(table, about) as workbook:
        file = store(workbook.file, f"{population.reference}.xlsx")
    facts: dict[str, Any] = {"row_count": workbook.count, "digest": workbook.digest, "statement": statement, "file": file}
    return Population.FREEZE.apply(population, actor=WORKER, **facts)


def said(statement: str, table: Table, at: dt.datetime) -> str:
    """The statement of the source: what the kind says, what this reading adds, and when it was; a line for each export."""
    return "\n".join([" ".join([statement, *table.notes, f"Read on {exact(at)}."]), *table.sources])


@action
def give_up(population: Population, *, actor: Actor, reason: str) -> None:
    """Note that it could not be frozen, and why."""
    Population.FAIL.apply(population, actor=actor, note=reason, statement=reason)
