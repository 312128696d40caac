"""The systems and links of a change, and its fields as the trail tells them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import capfirst

from changes.drafting.risk import QUESTIONS
from changes.models import Change, ChangeLink, ChangeSystem
from inventory.models import System
from workflow.changes import differing, shown

SYSTEMS = "systems"
LINKS = "links"
Link = tuple[str, str, str]  # kind, address, label
LONGEST = 300  # of a text in the trail: the versions hold what was put before approvers, whole


def put_systems(change: Change, systems: Iterable[System]) -> None:
    """Let a change affect these systems and no others. Part of a caller's action."""
    wanted = {one.pk: one for one in systems}
    ChangeSystem.objects.filter(change=change).exclude(system__in=wanted).delete()
    there = set(ChangeSystem.objects.filter(change=change).values_list("system", flat=True))
    ChangeSystem.objects.bulk_create(ChangeSystem(change=change, system=one) for key, one in wanted.items() if key not in there)


def put_links(change: Change, links: Iterable[Link]) -> None:
    """Let a change lead to these addresses and no others. Part of a caller's action."""
    wanted = {url: ChangeLink(change=change, kind=kind, url=url, label=label) for kind, url, label in links}
    ChangeLink.objects.filter(change=change).delete()
    ChangeLink.objects.bulk_create(wanted.values())


def present(change: Change, name: str) -> Any:
    """What a change has in a field, systems and links among them."""
    if name == SYSTEMS:
        return [row.system for row in change.systems.select_related("system")]
    if name == LINKS:
        return [(row.kind, row.url, row.label) for row in change.links.all()]
    return getattr(change, name)


def changed_of(change: Change, fields: dict[str, Any]) -> dict[str, Any]:
    """Those of `fields` that a change has otherwise."""
    changed = differing(change, {name: value for name, value in fields.items() if name not in {SYSTEMS, LINKS}})
    for name, value in fields.items():
        if name in {SYSTEMS, LINKS} and whole(name, value) != whole(name, present(change, name)):
            changed[name] = value
    return changed


def label_of(name: str) -> str:
    """What a field is called on the page."""
    named = {SYSTEMS: "Systems affected", LINKS: "Links"}
    return named.get(name) or capfirst(str(Change._meta.get_field(name).verbose_name))  # type: ignore[union-attr] # a plain one


def whole(name: str, value: Any) -> Any:
    """A field's value for people: systems by name, links by address."""
    if name == SYSTEMS:
        return sorted(one.name for one in value)
    if name == LINKS:
        return sorted(f"{kind}: {url} {label}".strip() for kind, url, label in value)
    return answered(value) if name == "answers" else shown(value)


def answered(answers: Mapping[str, Any]) -> list[str]:
    """The answers to the risk questionnaire as people read them."""
    given = [(question.text, question.answer(answers.get(question.key))) for question in QUESTIONS]
    return [f"{text} {answer.label}" for text, answer in given if answer is not None]


def only(name: str, value: Any, other: Any) -> Any:
    """A field's value; of the answers those that are not the other's."""
    return {key: one for key, one in value.items() if other.get(key) != one} if name == "answers" else value


def telling(name: str, value: Any) -> Any:
    """A field's value as the trail tells it: texts to their 300th letter."""
    told = whole(name, value)
    return f"{told[: LONGEST - 1]}…" if isinstance(told, str) and len(told) > LONGEST else told
