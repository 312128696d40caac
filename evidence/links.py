"""Belonging: to records of any area by a link, and to what higher areas prove by evidence (controls)."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from evidence.hooks import tell_changed
from evidence.models import Evidence, EvidenceLink
from tenancy.models import TenantModel
from ui.refusals import ActionRefused
from workflow.uniqueness import refusing_taken

NAMED = 5  # so many candidates a refusal names


@dataclass(frozen=True, slots=True)
class Proof:
    """Something that an item proves, for the item's page: `detail` says what of it, such as a leg of a control."""

    kind: str
    name: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Linkable:
    """A kind of record that evidence can be linked to; found by the exact text of one of `names`, else by its beginning."""

    label: str
    model: type[TenantModel]
    permission: str
    names: tuple[str, ...]

    @property
    def key(self) -> str:
        """Such as inventory.system."""
        return self.model._meta.label_lower

    def find(self, text: str) -> list[Any]:
        """The records that `text` may mean: those called exactly so, else those that begin so."""
        rows = self.model.objects.all()
        exact, begins = models.Q(), models.Q()
        for name in self.names:
            exact |= models.Q(**{f"{name}__iexact": text})
            begins |= models.Q(**{f"{name}__istartswith": text})
        return list(rows.filter(exact)[: NAMED + 1]) or list(rows.filter(begins)[: NAMED + 1])


Proofs = Callable[[uuid.UUID], Iterable[Proof]]
_proofs: list[Proofs] = []
_linkable: dict[str, Linkable] = {}


def register_proofs(provider: Proofs) -> None:
    """Add what a higher area proves by an item: item's id -> Proof for each; call it from AppConfig.ready()."""
    if provider not in _proofs:
        _proofs.append(provider)


def proofs_of(evidence_id: uuid.UUID) -> list[Proof]:
    """All that an item proves."""
    return [proof for provider in _proofs for proof in provider(evidence_id)]


def register_linkable(linkable: Linkable) -> None:
    """Let evidence be linked to a kind of record; call it from AppConfig.ready()."""
    _linkable[linkable.key] = linkable


def linkable_by(actor: Actor) -> list[Linkable]:
    """The kinds of record that somebody may see."""
    return [one for one in _linkable.values() if actor.can(one.permission)]


def find_record(kind: str, text: str, *, actor: Actor) -> Any:
    """The one record that `text` names. Raises ActionRefused when there is none, or more than one."""
    linkable = _linkable.get(kind)
    if linkable is None or not actor.can(linkable.permission):
        raise ActionRefused("Choose what it is.", field="kind")
    found = linkable.find(text.strip()) if text.strip() else []
    if not found:
        raise ActionRefused(f"There is no {linkable.label.lower()} called “{text.strip()}”.", field="record")
    if len(found) > 1:
        names = ", ".join(str(one) for one in found[:NAMED])
        raise ActionRefused(f"Several begin like this: {names}. Write the whole name.", field="record")
    return found[0]


@action
def link_record(evidence: Evidence, subject: Any, *, actor: Actor) -> EvidenceLink:
    """Say that an item belongs to a record as well. Raises ActionRefused when it does already."""
    _authorise(actor)
    if evidence.status == Evidence.Status.WITHDRAWN:
        raise ActionRefused(f"{evidence.reference} is withdrawn: it is evidence of nothing.")
    kind = _linkable[subject._meta.label_lower]
    made_by = actor if isinstance(actor, Member) else None
    with refusing_taken(EvidenceLink):
        link = EvidenceLink.objects.create(
            evidence=evidence,
            kind=kind.key,
            object_id=subject.pk,
            name=str(subject)[:200],
            url=subject.get_absolute_url(),
            made_by=made_by,
        )
        record("evidence.link", evidence, actor=actor, after={kind.label.lower(): link.name})
    tell_changed([evidence.pk], actor)
    return link


def carry_links(older: Evidence, newer: Evidence, actor: Actor) -> None:
    """Let a newer item belong to every record that an older one belongs to; part of the caller's action."""
    made_by = actor if isinstance(actor, Member) else None
    has = set(newer.links.values_list("kind", "object_id"))
    for link in older.links.order_by("made_at", "pk"):
        if (link.kind, link.object_id) in has:
            continue
        facts = {"kind": link.kind, "object_id": link.object_id, "name": link.name, "url": link.url}
        EvidenceLink.objects.create(evidence=newer, made_by=made_by, **facts)
        note = f"Carried over from {older.reference}."
        record("evidence.link", newer, actor=actor, after={label_of(link.kind): link.name}, note=note)


@action
def unlink_record(link: EvidenceLink, *, actor: Actor) -> None:
    """Say that an item does not belong to a record after all."""
    _authorise(actor)
    gone, evidence = {"name": link.name}, link.evidence
    record("evidence_link.remove", link, actor=actor, before=gone)
    record("evidence.unlink", evidence, actor=actor, before={label_of(link.kind): link.name})
    link.delete()
    tell_changed([evidence.pk], actor)


def label_of(kind: str) -> str:
    """What a kind of record is called."""
    return _linkable[kind].label.lower() if kind in _linkable else kind.rpartition(".")[2]


def _authorise(actor: Actor) -> None:
    if not actor.can("evidence.write"):
        raise ActionRefused("Your role does not allow this.")
