"""Those who may approve a change are told when it is put before them."""

from accounts.models import Member
from audit.actors import Actor
from changes.approving.rules import Approver, asked_of, may_meet, target_of
from changes.drafting.talk import members_here
from changes.lifecycle.mail import tell
from changes.models import Change
from inventory.models import Person

_ELSEWHERE = {Change.Source.GITHUB, Change.Source.GITLAB, Change.Source.FILE}  # its reviewers are asked there


def tell_approvers(change: Change, verb: str, actor: Actor) -> None:
    """After its submission, unless its template has approved it: called in that transaction. Six queries."""
    waits = change.status == Change.Status.SUBMITTED and change.type != Change.Type.STANDARD
    if verb != Change.SUBMIT.verb or not waits or (change.source in _ELSEWHERE and change.number is not None):
        return
    risk = f"Risk: {change.get_risk_display().lower() or 'not known'}."
    key = f"submitted:{change.content_hash[:16]}:{change.submitted_at}"
    tell(who_may_approve(change), change, subject="waits for your approval", lines=[risk], key=key, actor=actor)


def who_may_approve(change: Change) -> list[Member]:
    """Members whom a rule of the change asks for, but for whoever raised it or asked for it."""
    target = target_of(change)
    rules = asked_of(target)
    people = dict(Person.objects.filter(member__isnull=False).values_list("member", "pk"))
    found = []
    for member in members_here():
        person = people.get(member.pk)
        own = member.pk == change.raised_by_id or (person is not None and person == change.requester_id)
        approver = Approver(
            frozenset(member.roles), person, approves=member.can("changes.approve"), works=member.can("changes.work")
        )
        if not own and any(may_meet(rule, target, approver) for rule in rules):
            found.append(member)
    return found
