"""Why a deployment falls into its class, in sentences, and what can be done about it."""

from collections.abc import Iterator
from dataclasses import dataclass

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


def _moments(change: Change, reason: Reason) -> Iterator[str]:
    approved_at = change.approved_at or change.written_at
    if reason in {Reason.APPROVED, Reason.APPROVED_LATER, Reason.TEMPLATE, Reason.EXPIRED} and approved_at:
        yield f"{change} was approved on {exact(approved_at)}."
    if reason == Reason.EXPIRED and change.approved_until:
        yield f"That approval ended on {exact(change.approved_until)}."
    if reason in {Reason.AGREED, Reason.AGREED_LATER, Reason.AGREEMENT_OVER}:
        yield from _agreement(change)
    if reason in {Reason.REJECTED, Reason.WITHDRAWN} and change.ended_at:
        yield f"That was on {exact(change.ended_at)}."
    if reason == Reason.NOT_APPROVED:
        draft = change.status == Change.Status.DRAFT
        yield f"{change} is a draft." if draft else f"{change} is {change.get_status_display().lower()}."
    if reason == Reason.ELSEWHERE:
        yield f"{change} is meant for {', '.join(change.environments)}."


def _agreement(change: Change) -> Iterator[str]:
    """Who agreed by word, when that was recorded, and how long it counted."""
    if change.agreed_at is None or change.agreed_by is None or change.agreed_recorded_at is None:
        return
    yield f"{change.agreed_by.name} agreed on {exact(change.agreed_at)}; it was recorded on {exact(change.agreed_recorded_at)}."
    if change.is_disputed and change.objected_at is not None:
        yield f"On {exact(change.objected_at)} they said that they had not agreed: {change.objection}"
    if change.agreed_until is not None:
        yield f"It counted until {exact(change.agreed_until)}."
