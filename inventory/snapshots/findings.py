"""What a later population says about one removal: rules without a database, so that each can be tested by itself."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from inventory.models import Removal
from ui.values import exact

Status = Removal.Status
CLAIMED = frozenset({Status.CLAIMED, Status.STILL_ACTIVE, Status.CANNOT_BE_VERIFIED})
VERIFIED = frozenset({Status.VERIFIED_REMOVED, Status.VERIFIED_CHANGED})
COMPARED = {"account_id": "account id", "account_name": "account name", "role": "role", "resource": "resource"}


@dataclass(frozen=True, slots=True)
class Base:
    """The population in which the access was found."""

    parts: frozenset[str]
    identified_by: str
    columns: Mapping[str, str] = field(default_factory=dict)
    filters: str = ""
    id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """One removal, and what the population shows of its account. In the order of the query in verification.py."""

    id: uuid.UUID
    reference: str
    status: str
    kind: str
    role: str
    target_role: str
    requested_at: dt.datetime
    claimed_at: dt.datetime | None
    regranted_at: dt.datetime | None
    checked_as_of: dt.datetime | None
    part: str
    base: Base
    account_name: str
    account_seen: bool
    has_access: bool
    has_without_access: bool
    has_target: bool
    states: list[str]
    written: str = ""  # how it is written there, where it is there under another writing
    new: tuple[str, ...] = ()  # what the account has now and had not when it was reviewed


@dataclass(frozen=True, slots=True)
class Population:
    """The population that is compared with: complete, and of one system."""

    named: str
    as_of: dt.datetime
    parts: frozenset[str]
    identified_by: str
    columns: Mapping[str, str] = field(default_factory=dict)
    filters: str = ""


def export_of(system: str, as_of: dt.datetime) -> str:
    """How findings name a population; made once for all of them."""
    return f"the export of {system} as of {exact(as_of)}"


@dataclass(frozen=True, slots=True)
class Finding:
    """The state a removal comes to (None: as it was), what was found, and whether the access has come back."""

    status: str | None
    sentence: str
    regranted: bool = False


def find(facts: Facts, population: Population) -> Finding | None:
    """Judge one removal; None when this population has nothing to say about it."""
    if facts.status in VERIFIED:
        return _returned(facts, population)
    if facts.status in CLAIMED and facts.claimed_at is not None:
        return _judge_claim(facts, population) if _is_later(facts, population) else None
    if facts.status == Status.REQUESTED:
        return _look_at_unclaimed(facts, population)
    return None


def incomparable(facts: Facts, population: Population) -> str:
    """Why absence from this population would prove nothing; empty when it would."""
    if facts.base.identified_by != population.identified_by:
        return (
            f"Accounts are identified by {population.identified_by or 'nothing stated'} in {population.named}, and by "
            f"{facts.base.identified_by or 'nothing stated'} where this access was found: they cannot be compared."
        )
    needed = {facts.part} if facts.part else facts.base.parts
    missing = sorted(needed - population.parts)
    if missing:
        return f"The file this access was found in ({' and '.join(missing).replace('_', ' ')}) is not part of {population.named}."
    return _read_otherwise(facts.base, population)


def _read_otherwise(base: Base, population: Population) -> str:
    """Why the rows of the two do not mean the same, although their accounts do."""
    if population.filters and population.filters != base.filters:
        return (
            f"Filters were stated for {population.named}, and not the same ones for the population this access was found in: "
            "what is absent may only be left out."
        )
    differing = [name for name in COMPARED if base.columns.get(name) != population.columns.get(name)]
    if not differing:
        return ""
    name, words = differing[0], COMPARED[differing[0]]
    now, then = (f"column “{one[name]}”" if one.get(name) else "no column" for one in (population.columns, base.columns))
    return (
        f"The {words} is read from {now} in {population.named}, and from {then} where this access was found: they cannot be "
        "compared."
    )


def is_before_claim(facts: Facts, population: Population) -> bool:
    """Whether somebody claimed it done only after the population was taken: it cannot show what was done."""
    return facts.status in CLAIMED and facts.claimed_at is not None and population.as_of <= facts.claimed_at


def _is_later(facts: Facts, population: Population) -> bool:
    """Later than the claim, and than the population that was last compared: an old one imported late proves nothing."""
    earlier = (facts.claimed_at, facts.checked_as_of)
    return all(population.as_of > moment for moment in earlier if moment is not None)


def _judge_claim(facts: Facts, population: Population) -> Finding:
    why_not = incomparable(facts, population)
    if why_not:
        return Finding(Status.CANNOT_BE_VERIFIED, why_not)
    if facts.has_access:
        return Finding(Status.STILL_ACTIVE, _still_there(facts, population))
    if facts.new:
        return Finding(Status.CANNOT_BE_VERIFIED, _replaced(facts, population))
    if facts.kind == Removal.Kind.CHANGE and facts.has_target:
        sentence = f"{_gone(facts, population)} “{facts.target_role}” is there in its place."
        return Finding(Status.VERIFIED_CHANGED, sentence)
    sentence = _gone(facts, population)
    if facts.kind == Removal.Kind.CHANGE:
        sentence += f" “{facts.target_role}”, to which it was to be changed, is not there either."
    return Finding(Status.VERIFIED_REMOVED, sentence)


def _gone(facts: Facts, population: Population) -> str:
    """Which of the two it is: absent, or there with a state that counts as no access."""
    if facts.has_without_access:
        states = " and ".join(f"“{state}”" for state in facts.states) or "without access"
        return f"The account is in {population.named}, but its state is {states}, which counts as no access."
    if not facts.account_seen:
        return f"Absent: the account {facts.account_name} is not in {population.named}."
    return f"Absent: the account {facts.account_name} is in {population.named}, without {_right(facts)}."


def _still_there(facts: Facts, population: Population) -> str:
    there = f" There {facts.written}." if facts.written else ""
    return f"Still active: {facts.account_name} has {_right(facts)} in {population.named}.{there}"


def _replaced(facts: Facts, population: Population) -> str:
    """Gone by its name, while the account has something it did not have: only a person can tell whether it is the same."""
    right = _right(facts)
    return (
        f"{right[0].upper()}{right[1:]} of {facts.account_name} is not in {population.named}, but what the reviewed population "
        f"did not have is: {' and '.join(facts.new)}. Whether it is the same access under another name, only a person can tell."
    )


def _right(facts: Facts) -> str:
    return f"“{facts.role}”" if facts.role else "access"


def _returned(facts: Facts, population: Population) -> Finding | None:
    later = facts.checked_as_of is not None and population.as_of > facts.checked_as_of
    comparable = facts.base.identified_by == population.identified_by
    if facts.regranted_at is not None or not facts.has_access or not later or not comparable:
        return None
    sentence = f"Granted again: {facts.account_name} has {_right(facts)} in {population.named}."
    return Finding(None, sentence, regranted=True)


def _look_at_unclaimed(facts: Facts, population: Population) -> Finding | None:
    if facts.has_access or facts.new or population.as_of <= facts.requested_at or incomparable(facts, population):
        return None
    return Finding(None, f"{_gone(facts, population)} Nobody has claimed the removal done yet.")
