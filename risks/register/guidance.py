"""What happens next with a risk, as a sentence."""

import datetime as dt

from risks.models import Risk, RiskScale, RiskTask, Treatment
from ui.components import Tone
from ui.values import spelled


def next_step(risk: Risk, tasks: list[RiskTask], scale: RiskScale, today: dt.date) -> tuple[Tone, str]:
    """The tone and who must do what now, for one loaded with owner and scale."""
    who = risk.owner.name
    if risk.is_over:
        return "ok", f"Nothing: it was closed. {risk.closed_reason}"
    if not risk.is_rated:
        return _late(
            risk, today
        ), f"{who} rates it by {spelled(risk.next_review_on)}: how likely and how bad, before and after controls."
    if is_outdated(risk, scale):
        return (
            "warn",
            f"{who} rates it again: it was rated on version {risk.scale.number} of the scale, whose steps meant something else.",
        )
    if risk.next_review_on < today:
        return (
            "bad",
            f"Its review was due on {spelled(risk.next_review_on)}: {who} rates it again, also where nothing has changed.",
        )
    if risk.status == Risk.Status.ACCEPTED:
        name = risk.accepted_by.name if risk.accepted_by else "Plumbline"
        return "muted", f"It is accepted by {name} until {spelled(risk.accepted_until)}; after that it opens again by itself."
    return _treated(risk, tasks, today)


def _treated(risk: Risk, tasks: list[RiskTask], today: dt.date) -> tuple[Tone, str]:
    if not risk.treatment:
        return "info", f"{risk.owner.name} chooses what is done about it: mitigate, accept, transfer or avoid."
    if risk.treatment == Treatment.ACCEPT:
        return "warn", "Somebody who may approve risks, and with whom it is not, accepts it by name until a day, or says no."
    pending = [task for task in tasks if task.status == RiskTask.Status.OPEN]
    late = [task for task in pending if task.due_on < today]
    if late:
        return "bad", f"{late[0].owner.name} was to do this by {spelled(late[0].due_on)}: {late[0].title}"
    if pending:
        return "info", f"{pending[0].owner.name} does this by {spelled(pending[0].due_on)}: {pending[0].title}"
    above = risk.target and risk.residual and risk.target.score < risk.residual.score
    if above and tasks:
        return "info", "Its tasks are over and it is above its target: rate it again, or add what is still to be done."
    if above:
        return "info", "It is above its target: add a task that brings it there."
    return "ok", f"Nothing until its next review on {spelled(risk.next_review_on)}."


def is_outdated(risk: Risk, scale: RiskScale) -> bool:
    """Whether it was rated on a scale whose steps meant something else than those in force."""
    return risk.scale is not None and risk.scale.generation != scale.generation


def _late(risk: Risk, today: dt.date) -> Tone:
    return "bad" if risk.next_review_on < today else "info"
