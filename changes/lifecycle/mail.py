"""Mail about what happens to a change, to those whom it concerns."""

from collections.abc import Iterable

from django.conf import settings

from accounts.models import Member
from audit.actors import Actor
from changes.models import Approval, Change
from workflow.outbox import queue_mail


def concerned(change: Change) -> dict[object, Member]:
    """Who follows a change: whoever asked for it, carries it out, reviews it or watches it; by their keys."""
    people = [change.requester, change.implementer, change.verifier]
    members = [person.member for person in people if person and person.member]
    if change.raised_by:
        members.append(change.raised_by)
    members += [row.member for row in change.watchers.select_related("member__user", "member__organization")]
    return {member.pk: member for member in members}


def tell(members: Iterable[Member], change: Change, *, subject: str, lines: list[str], key: str, actor: Actor) -> None:
    """One mail each, not to whoever did it. `key` names what happened, so that one happening is one mail."""
    text = "\n".join(
        [f"{change.reference}: {change.title}", *lines, "", f"{settings.PLUMBLINE_BASE_URL}{change.get_absolute_url()}"]
    )
    for member in members:
        if member.is_active and member.pk != actor.id:
            line = f"{change.reference} {subject}: {change.title}"
            queue_mail(to=member.email, subject=line, text=text, key=f"change:{change.pk}:{key}:{member.pk}")


def tell_void(change: Change, ended: list[Approval], actor: Actor, reason: str) -> None:
    """Tell everybody concerned, and those whose approvals ended, that it is asked for anew."""
    members = concerned(change) | {row.approver.pk: row.approver for row in ended if row.approver}
    lines = [reason, "What was approved before does not count any more: it waits for approval as it is now."]
    key = f"void:{change.versions.count()}:{len(change.approvals.all())}"
    tell(members.values(), change, subject="waits for approval again", lines=lines, key=key, actor=actor)


_TOLD = {
    Change.APPROVE.verb: ("is approved", "It may be carried out."),
    Change.REJECT.verb: ("is rejected", "It can be reworked and submitted again."),
    Change.FAIL.verb: ("failed", "It needs a review."),
    Change.ROLL_BACK.verb: ("was rolled back", "It needs a review."),
    Change.WITHDRAW.verb: ("is withdrawn", "Nothing has to be done."),
}


def tell_moved(change: Change, verb: str, actor: Actor) -> None:
    """Tell whoever follows a change of what ends a wait, but for requests, whose source tells them. A hook of each move."""
    if verb not in _TOLD or change.number is not None:
        return
    subject, line = _TOLD[verb]
    lines = [f"{actor.name}: {line}"]
    if verb == Change.REJECT.verb:
        last = change.approvals.filter(answer=Approval.Answer.REJECTED).order_by("-given_at").first()
        lines = [f"{actor.name}: {last.note}", line] if last else lines
    key = f"{verb}:{change.versions.count()}:{change.approvals.count()}"
    tell(concerned(change).values(), change, subject=subject, lines=lines, key=key, actor=actor)
