"""Why a deployment falls into its class, in sentences, and what can be done about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from changes.calendar.freezes import reasons_against
from changes.deployments.reading import FULL
from changes.models import Change, Classification, Deployment, DeploymentLink
from changes.models.deployment import MatchedBy, Note, Reason
from ui.values import exact

_NOTES = {
    Note.DIRECT_PUSH: "The commit was pushed without a pull or merge request.",
    Note.SELF_MERGE: "Whoever merged it had written a commit of it.",
    Note.REDEPLOY: "The same commit had been deployed there just before.",
    Note.REVERT: "It takes something back: an earlier commit was deployed again, or a commit says that it reverts another.",
    Note.BOT: "A machine deployed it, or wrote every commit of it.",
    Note.OUTSIDE_WINDOW: "It was deployed outside of the window planned for its change.",
    Note.CARRIES: "It also carried what had been merged since the commit that was there before.",
    Note.LATE: "It was reported more than an hour after the moment that it states, or after something had happened to its change "
    "in between that decides about it.",
    Note.ON_WORD: "When the report came, its change would not have let it through any more. That it had gone in time rests on "
    "the moment that the pipeline stated.",
}
_FOUND = {
    MatchedBy.NAME: "The pipeline named {change}.",
    MatchedBy.MERGE: "The commit is the one that {change} was merged as.",
    MatchedBy.HEAD: "The commit is the last one of {change}.",
    MatchedBy.COMMIT: "The commit is one of those of {change}.",
}
_ADVICE = {
    Classification.UNMATCHED: "If there was a change, link it. If there was none, raise one and have it approved: the deployment "
    "then counts as approved after, which is what happened.",
    Classification.UNAPPROVED: "Have its change approved: the deployment then counts as approved after, which is what happened. "
    "Linking another change needs a reason, and is recorded.",
    Classification.APPROVED_AFTER: "Nothing turns this into an approval beforehand. The cause is worked on in the finding that "
    "it raised.",
}
# What an approval afterwards does not mend: the change was approved, and not for this.
UNCOVERED = frozenset(
    {Reason.OVER, Reason.OTHER_COMMIT, Reason.ELSEWHERE, Reason.EXPIRED, Reason.TOO_EARLY, Reason.TOO_LATE, Reason.FROZEN}
)
_OUTSIDE = (
    "Nothing turns this into a deployment inside of what was approved. The cause is worked on in the finding that it raises. If "
    "it belongs to another change, link that, with a reason."
)
# The moment at which it ended, and how that is said.
_ENDS = {
    Reason.EXPIRED: ("approved_until", "That approval ended on {}."),
    Reason.REJECTED: ("ended_at", "That was on {}."),
    Reason.WITHDRAWN: ("ended_at", "That was on {}."),
    Reason.OVER: ("over_at", "It let nothing through any more from {} on."),
    Reason.UNWRITTEN: ("written_due_at", "It was due on {}."),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """How it was found, why it has its class, its notes (name and sentence), and what can be done."""

    found: str
    why: str
    notes: list[tuple[str, str]]
    advice: str


def explain(deployment: Deployment, link: DeploymentLink | None = None) -> Explanation:
    """Of a deployment with its change loaded; `link` is the one by hand."""
    notes = [(str(Note(one).label), _NOTES[Note(one)]) for one in deployment.notes]
    unknown = deployment.change is None and deployment.classification == Classification.UNAPPROVED
    advice = _ADVICE.get(Classification.UNMATCHED if unknown else Classification(deployment.classification), "")
    if deployment.reason in UNCOVERED:
        advice = _OUTSIDE
    return Explanation(_how(deployment, link), " ".join(_why(deployment)), notes, advice)


def _how(deployment: Deployment, link: DeploymentLink | None) -> str:
    if deployment.matched_by == MatchedBy.HAND and link is not None:
        who = link.linked_by.name if link.linked_by else "Plumbline"
        return f"{who} linked it to {link.change} on {exact(link.linked_at)}: {link.reason}"
    if deployment.change is not None:
        return _FOUND[MatchedBy(deployment.matched_by)].format(change=deployment.change)
    looked = "for the change that the pipeline named, and " if deployment.change_named else ""
    return f"Plumbline looked {looked}for a change with this commit, and found none."


def _why(deployment: Deployment) -> Iterator[str]:
    """The reason, with the moments that decide."""
    change = deployment.change
    yield str(Reason(deployment.reason).label)
    if change is None:
        if deployment.commit and len(deployment.commit) not in FULL:
            yield "The commit that was reported is shortened: only a whole one can be found."
        return
    yield f"It was deployed on {exact(deployment.deployed_at)}."
    yield from _moments(change, Reason(deployment.reason))
    if deployment.reason == Reason.FROZEN:
        yield from (one.words for one in reasons_against(change, deployment.deployed_at) if one.code == "frozen")


def _moments(change: Change, reason: Reason) -> Iterator[str]:
    approved_at = change.approved_at or change.written_at
    if reason in {Reason.APPROVED, Reason.APPROVED_LATER, Reason.TEMPLATE, Reason.EXPIRED} and approved_at:
        yield f"{change} was approved on {exact(approved_at)}."
    if reason in {Reason.AGREED, Reason.AGREED_LATER, Reason.AGREEMENT_OVER}:
        yield from _agreement(change)
    if reason in {Reason.TOO_EARLY, Reason.TOO_LATE}:
        yield from _window(change)
    if reason == Reason.NOT_APPROVED:
        draft = change.status == Change.Status.DRAFT
        yield f"{change} is a draft." if draft else f"{change} is {change.get_status_display().lower()}."
    if reason == Reason.ELSEWHERE:
        yield f"{change} is meant for {', '.join(change.environments)}."
    name, words = _ENDS.get(reason, ("", ""))
    if ended := getattr(change, name, None):
        yield words.format(exact(ended))


def _window(change: Change) -> Iterator[str]:
    begins = f" from {exact(change.window_from)}" if change.window_from else ""
    ends = f" until {exact(change.window_until)}" if change.window_until else ""
    yield f"{change} was approved for the time{begins}{ends}."


def _agreement(change: Change) -> Iterator[str]:
    """Who agreed by word, when that was recorded, and how long it counted."""
    if change.agreed_at is None or change.agreed_by is None or change.agreed_recorded_at is None:
        return
    yield f"{change.agreed_by.name} agreed on {exact(change.agreed_at)}; it was recorded on {exact(change.agreed_recorded_at)}."
    if change.is_disputed and change.objected_at is not None:
        yield f"On {exact(change.objected_at)} they said that they had not agreed: {change.objection}"
    if change.agreed_until is not None:
        yield f"It counted until {exact(change.agreed_until)}."
