"""What is said of a change, who is named in it, and who follows it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from changes.drafting.actions import member_of
from changes.drafting.forms import CommentForm
from changes.lifecycle.mail import concerned, tell
from changes.models import Change, ChangeComment, ChangeMention, ChangeWatcher
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated

LONGEST = 10_000
_NAMED = re.compile(r"(?<![\w@.])@([\w.+'-]+(?:@[\w-]+(?:\.[\w-]+)+)?)")


@dataclass(frozen=True, slots=True)
class Named:
    """The members that a text names, and the names that are nobody's here."""

    members: list[Member]
    nobodys: list[str]


def may_comment(actor: Actor) -> bool:
    """Whether somebody who sees a change may say something of it: all but auditors and viewers."""
    return actor.can("changes.raise") or actor.can("changes.work")


@action
def comment(change: Change, *, actor: Actor, text: str) -> ChangeComment:
    """Say something of a change. Whoever is named in it, asked for the change or follows it is told. Raises ActionRefused."""
    if not may_comment(actor):
        raise ActionRefused("Your role does not allow this.")
    member = member_of(actor)
    made = ChangeComment.objects.create(
        change=change, text=stated(text, "Say something.", field="text"), said_by=member, said_at=now()
    )
    named = named_in(made.text).members
    ChangeMention.objects.bulk_create(ChangeMention(comment=made, member=one) for one in named)
    if member is not None:
        ChangeWatcher.objects.get_or_create(change=change, member=member)
    record("change.comment", change, actor=actor, note=made.text[:1000], metadata={"named": [one.name for one in named]})
    others = concerned(change)
    for one in named:
        others.pop(one.pk, None)
    lines, key = ["", made.text], f"comment:{made.pk}"
    tell(named, change, subject="names you in a comment", lines=[f"{actor.name} says:", *lines], key=key, actor=actor)
    tell(others.values(), change, subject="has a comment", lines=[f"{actor.name} says:", *lines], key=key, actor=actor)
    return made


@action
def watch(change: Change, *, actor: Member) -> None:
    """Be told of what happens to a change. Raises ActionRefused."""
    _, made = ChangeWatcher.objects.get_or_create(change=change, member=actor)
    if not made:
        raise ActionRefused("You follow this change already.")
    record("change.watch", change, actor=actor)


@action
def unwatch(change: Change, *, actor: Member) -> None:
    """Be told no more, but of what one has a part in. Raises ActionRefused."""
    gone, _ = ChangeWatcher.objects.filter(change=change, member=actor).delete()
    if not gone:
        raise ActionRefused("You do not follow this change.")
    record("change.unwatch", change, actor=actor)


def named_in(text: str) -> Named:
    """Who is named: `@` and an e-mail address or the part of it before its own `@`, where only one member has it."""
    words = list(dict.fromkeys(match.rstrip(".'-").casefold() for match in _NAMED.findall(text)))
    if not words:
        return Named([], [])
    known = _by_name(members_here())
    found = {member.pk: member for word in words if (member := known.get(word))}
    return Named(list(found.values()), [word for word in words if not known.get(word)])


def members_here() -> QuerySet[Member]:
    """Those who may enter the organization, with their users."""
    return Member.objects.active().of(current_organization())


def handle_of(member: Member) -> str:
    """What one writes after the `@`, such as mara.klein."""
    return member.email.partition("@")[0].lower()


def _by_name(members: Iterable[Member]) -> dict[str, Member | None]:
    """Members by address, and by the part before the `@`; None where it is several people's."""
    known: dict[str, Member | None] = {}
    for member in members:
        known[member.email.casefold()] = member
        handle = handle_of(member)
        known[handle] = None if handle in known else member
    return known


def conversation(member: Member, change: Change, here: Iterable[Member] | None = None) -> dict[str, Any]:
    """What the partial changes/comments.html needs: who said what, who follows, and whether this member may speak.

    `here`: the members, if they are at hand.
    """
    said = change.comments.select_related("said_by__user").prefetch_related("mentions__member__user")
    watchers = [row.member for row in change.watchers.select_related("member__user").order_by("member__user__name")]
    speaks = may_comment(member)
    return {
        "comments": [(one, shown(one)) for one in said],
        "watchers": watchers,
        "is_watching": any(one.pk == member.pk for one in watchers),
        "may_comment": speaks,
        "comment_form": CommentForm() if speaks else None,
        "to_name": [(handle_of(one), one.name) for one in (members_here() if here is None else here)] if speaks else [],
    }


def shown(said: ChangeComment) -> SafeString:
    """A comment as HTML, with those it names marked."""
    named = {key for row in said.mentions.all() for key in (handle_of(row.member), row.member.email.casefold())}
    parts, at = [], 0
    for match in _NAMED.finditer(said.text):
        word = match[1].rstrip(".'-")
        if word.casefold() in named:
            parts += [format_html("{}<strong>@{}</strong>", said.text[at : match.start()], word)]
            at = match.start() + 1 + len(word)
    parts.append(format_html("{}", said.text[at:]))
    return mark_safe(linebreaks("".join(parts)))  # noqa: S308 - each part is escaped above
