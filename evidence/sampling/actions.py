"""Drawing samples. A sample is never changed: a re-draw is another one, with its reason."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from evidence.models import Population, Sample
from evidence.populations.workbook import rows_of
from evidence.sampling.algorithm import ALGORITHM, draw, normal_seed
from ui.refusals import ActionRefused

PERMISSION = "samples.draw"
LARGEST = 1000
_NAMED = 5  # unknown keys in a refusal


@action
def draw_sample(population: Population, *, actor: Actor, seed: str, size: int, seed_from: str = "", reason: str = "") -> Sample:
    """Draw rows by a seed, the actor's own if nobody gave it. Raises ActionRefused; another sample needs a reason."""
    locked = _locked(population, actor)
    seed = normal_seed(seed)
    if not seed:
        raise ActionRefused("Give a seed: any words or numbers.", field="seed")
    if not 1 <= size <= min(locked.row_count, LARGEST):
        raise ActionRefused(f"From 1 to {min(locked.row_count, LARGEST):,}.", field="size")
    keys = draw(seed, _keys(locked), size)
    facts = {"algorithm": ALGORITHM, "seed": seed, "seed_from": seed_from.strip() or actor.name, "size": size}
    return _keep(locked, actor, keys, reason, method=Sample.Method.SEED, **facts)


@action
def choose_sample(population: Population, *, actor: Actor, keys: Sequence[str], chosen_by: str, reason: str = "") -> Sample:
    """Keep the auditor's own selection, in their order. Raises ActionRefused for keys that the population does not have."""
    locked = _locked(population, actor)
    if not keys:
        raise ActionRefused("Type at least one key.", field="keys")
    if len(keys) > LARGEST:
        raise ActionRefused(f"At most {LARGEST:,} rows.", field="keys")
    if not chosen_by.strip():
        raise ActionRefused("Say who chose these rows.", field="chosen_by")
    if twice := {key for key in keys if list(keys).count(key) > 1}:
        raise ActionRefused(f"Named twice: {_list(sorted(twice))}.", field="keys")
    unknown = set(keys).difference(_keys(locked))
    if unknown:
        raise ActionRefused(f"Not in this population: {_list(key for key in keys if key in unknown)}.", field="keys")
    facts = {"seed_from": chosen_by.strip(), "size": len(keys)}
    return _keep(locked, actor, list(keys), reason, method=Sample.Method.CHOSEN, **facts)


def _locked(population: Population, actor: Actor) -> Population:
    if not actor.can(PERMISSION):
        raise ActionRefused("Your role does not allow this.")
    locked = Population.objects.select_for_update(of=("self",)).select_related("file").get(pk=population.pk)
    if locked.status != Population.Status.FROZEN:
        raise ActionRefused(f"{locked} is {locked.get_status_display().lower()}: there is nothing to draw from.")
    if not locked.row_count:
        raise ActionRefused(f"{locked} is empty: there is nothing to draw.")
    return locked


def _keys(population: Population) -> Iterator[str]:
    rows = rows_of(population)
    next(rows, None)  # the header
    return (cells[0] for cells in rows)


def _keep(population: Population, actor: Actor, keys: list[str], reason: str, **facts: Any) -> Sample:
    number = Sample.objects.filter(population=population).count() + 1
    if number > 1 and not reason.strip():
        raise ActionRefused("There is a sample of this population already: say why another is drawn.", field="reason")
    sample = Sample(
        population=population,
        number=number,
        keys=keys,
        reason=reason.strip() if number > 1 else "",
        made_by=actor if isinstance(actor, Member) else None,
        **facts,
    )
    sample.full_clean(exclude=["made_by", "population"])
    sample.save(force_insert=True)
    verb = "sample.draw" if sample.method == Sample.Method.SEED else "sample.choose"
    about = {"population": f"{population.reference} {population.title}", "digest": population.digest}
    after = {
        name: getattr(sample, name) for name in ("method", "algorithm", "seed", "seed_from", "size") if getattr(sample, name)
    }
    record(verb if number == 1 else f"{verb}_again", sample, actor=actor, after=after, metadata=about, note=sample.reason)
    return sample


def _list(keys: Iterable[str]) -> str:
    found = list(keys)
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return ", ".join(f"“{key}”" for key in found[:_NAMED]) + more
