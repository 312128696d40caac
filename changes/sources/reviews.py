"""What was said of a request at its source: kept, and counted as an approval where the rules let it."""

from collections.abc import Iterable

from accounts.models import Member
from audit.actors import Actor
from changes.approving.identity import Who as Somebody
from changes.approving.identity import who
from changes.approving.separation import Parts
from changes.lifecycle.actions import approve_by_review, void_review
from changes.models import Approval, Change, ChangeVersion, SourceReview
from changes.models.change import ATTEMPTED
from changes.sources.facts import Review, Who
from changes.sources.people import People
from inventory.models import Person

Judgement = SourceReview.Judgement
_WHY = 300


def keep_reviews(change: Change, reviews: Iterable[Review], people: People, via: str, brought_by: Member | None) -> None:
    """Keep each once. A review that was taken back stays so, whatever comes later of when it was given."""
    for one in reviews:
        row = SourceReview.objects.filter(change=change, key=one.key).first()
        if row is None:
            SourceReview.objects.create(
                change=change,
                key=one.key,
                login=one.who.shown[:100],
                person=people.reviewer(one.who),
                is_bot=one.who.is_bot,
                via=via,
                brought_by=brought_by,
                judgement=one.judgement,
                sha=one.sha,
                note=one.note,
                reviewed_at=one.at,
            )
        elif row.judgement not in {one.judgement, Judgement.DISMISSED}:
            SourceReview.objects.filter(pk=row.pk).update(judgement=one.judgement, note=one.note)


def settle(change: Change, people: People, actor: Actor) -> list[str]:
    """Let each reviewer's last word count; returns sentences on what changed by it. Part of a caller's transaction."""
    said: list[str] = []
    for row in _last_words(change):
        _know(row, people)
        if row.judgement == Judgement.APPROVED:
            said += _count(change, row, actor)
        else:
            said += _take_back(change, row, actor)
    return said


def _last_words(change: Change) -> list[SourceReview]:
    """The latest of each reviewer. GitLab tells no ids: what came later counts where the times are the same."""
    rows = change.reviews.select_related("person__member__user", "approval", "brought_by__user").order_by("reviewed_at", "id")
    latest = {row.login.lower(): row for row in rows}
    return sorted(latest.values(), key=lambda row: (row.reviewed_at, row.pk))


def _know(row: SourceReview, people: People) -> None:
    """Somebody who was not on the roster when they reviewed may be by now."""
    if row.person is None and not row.is_bot:
        row.person = people.reviewer(Who(row.login))
        if row.person is not None:
            SourceReview.objects.filter(pk=row.pk).update(person=row.person)


def _count(change: Change, row: SourceReview, actor: Actor) -> list[str]:
    if row.approval_id is not None or not _is_wanted(change):
        return []
    outcome: Approval | str = _why_not(change, row)
    if not outcome and row.person is not None:
        outcome = approve_by_review(
            change,
            person=row.person,
            answer="approved",
            source=row.via,
            head_sha=row.sha,
            given_at=row.reviewed_at,
            note=row.note,
            actor=actor,
        )
    if isinstance(outcome, Approval):
        SourceReview.objects.filter(pk=row.pk).update(approval=outcome, why_not="")
        return [f"The review by {row.login} counts as an approval."]
    if outcome != row.why_not:
        SourceReview.objects.filter(pk=row.pk).update(why_not=outcome[:_WHY])
        return [f"The review by {row.login} does not count: {outcome}"]
    return []


def _is_wanted(change: Change) -> bool:
    """Whether somebody has yet to approve it: before it is carried out, an emergency in writing afterwards."""
    in_writing = change.type == Change.Type.EMERGENCY and change.status in ATTEMPTED and change.written_at is None
    return in_writing or change.status == Change.Status.SUBMITTED


def _why_not(change: Change, row: SourceReview) -> str:
    """What stands against a review before the rules are asked."""
    if row.is_bot:
        return "It is by an application."
    if row.person is None:
        return f"Nobody on the roster is known as {row.login}."
    if not row.sha:
        return "The source does not say which commit was reviewed."
    if row.sha != change.head_sha:
        return "It is of an earlier commit."
    if _is_older_than_the_text(change, row):
        return "The change was edited after the review."
    return _brought_by_a_party(change, row)


def _is_older_than_the_text(change: Change, row: SourceReview) -> bool:
    """Whether something else than the commit was edited since: what they saw is not what would be approved."""
    same = ChangeVersion.objects.filter(change=change, content__head_sha=change.head_sha).order_by("-number")
    made = list(same.values_list("made_at", flat=True))
    return len(made) > 1 and row.reviewed_at < made[0]


def _brought_by_a_party(change: Change, row: SourceReview) -> str:
    """A file is signed by nobody: who imports it could write into it that others approved their own change."""
    if row.via != Approval.Source.FILE or row.brought_by is None:
        return ""
    importer, parts = who(member=row.brought_by), Parts(change)
    if importer.same(_reviewer(row.person)):
        return "Whoever imports a list does not approve by it."
    if importer.same(parts.requesters) or parts.is_author(importer):
        return "It is in a list that was imported by whoever asked for the change or wrote it."
    return ""


def _reviewer(person: Person | None) -> Somebody:
    return who(person=person)


def _take_back(change: Change, row: SourceReview, actor: Actor) -> list[str]:
    """End what they approved before, where it still counts."""
    counted = change.reviews.filter(login__iexact=row.login, approval__status=Approval.Status.GIVEN, approval__isnull=False)
    if row.person is None or not counted.exists():
        return []
    taken = row.judgement == Judgement.DISMISSED
    reason = "The review was taken back." if taken else "Changes were asked for in a later review."
    if not void_review(change, row.person, reason=reason, actor=actor):
        return []
    return [f"The approval by {row.login} ended: {reason}"]
