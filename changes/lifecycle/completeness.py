"""What a change has to say before it can be put before approvers."""

from changes.approving.identity import who
from changes.approving.separation import VERIFY, why_not
from changes.models import Change, ChangeSystem
from ui.refusals import ActionRefused

_FROM_REQUEST = {Change.Source.GITHUB, Change.Source.GITLAB, Change.Source.FILE}


def missing(change: Change) -> list[tuple[str, str]]:
    """The fields that are wanting, each with a sentence: [(field, sentence)].

    A pull request brings its own description, and is undone by reverting it. An emergency is written down afterwards.
    """
    if change.source in _FROM_REQUEST and change.number is not None:
        return []
    found = []
    if not change.description.strip():
        found.append(("description", "Say what will change."))
    if change.type == Change.Type.EMERGENCY:
        return found
    if not ChangeSystem.objects.filter(change=change).exists():
        found.append(("systems", "Name the systems it affects."))
    if not change.rollback_plan.strip():
        found.append(("rollback_plan", "Say how it is undone."))
    if change.risk == Change.Risk.HIGH and not change.test_plan.strip():
        found.append(("test_plan", "Say how it is tested: its risk is high."))
    if change.type == Change.Type.NORMAL and not change.risk:
        found.append(("answers", "Answer the questions about its risk."))
    return found + _wrong_reviewer(change)


def _wrong_reviewer(change: Change) -> list[tuple[str, str]]:
    """Who is named to review it, and will be refused for another part in it."""
    if change.verifier is None or not change.is_grave:
        return []
    refusal = why_not(change, who(person=change.verifier), VERIFY)
    return [("verifier", f"Name somebody else to review it. {refusal}")] if refusal else []


def missing_to_agree(change: Change) -> list[tuple[str, str]]:
    """What an emergency has to say before pipelines go by an agreement: what will change, where, and why it cannot wait."""
    found = []
    if not change.description.strip():
        found.append(("description", "Say what will change."))
    if not ChangeSystem.objects.filter(change=change).exists():
        found.append(("systems", "Name the systems it affects."))
    if not change.environments:
        found.append(("environments", "Name the environments it is meant for."))
    if not change.emergency_reason.strip():
        found.append(("emergency_reason", "Say why it could not wait."))
    return found


def refuse_incomplete(change: Change) -> None:
    """Raise ActionRefused, at the first field that is wanting, with all of them in words."""
    if wanting := missing(change):
        raise ActionRefused(" ".join(sentence for _, sentence in wanting), field=wanting[0][0])
