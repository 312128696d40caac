"""Mail about risks, to whoever must act."""

from accounts.models import Member
from audit.actors import Actor
from risks.models import Risk, RiskTask
from ui.values import spelled
from workflow.digests import link
from workflow.outbox import queue_mail


def tell_owner(risk: Risk, *, key: str, actor: Actor | None = None, what: str = "is with you") -> None:
    """Tell whoever it is with; `key` names what happened, so that one happening is one mail. Not to whoever did it."""
    lines = [
        f"{risk.reference}: {risk.statement}",
        f"Category: {risk.get_category_display()}. Next review: {spelled(risk.next_review_on)}.",
        "",
        link(risk.get_absolute_url()),
    ]
    _send(risk.owner.member, actor, f"{risk.reference} {what}: {risk.statement}"[:150], lines, f"risk:{key}")


def tell_task_owner(task: RiskTask, *, key: str, actor: Actor) -> None:
    """Tell whoever has a task of a risk."""
    lines = [task.title, f"For {task.risk.reference}: {task.risk.statement}", f"Due {spelled(task.due_on)}.", ""]
    subject = f"A task of {task.risk.reference} is with you: {task.title}"[:150]
    _send(task.owner.member, actor, subject, [*lines, link(task.get_absolute_url())], f"risk_task:{key}")


def _send(member: Member | None, actor: Actor | None, subject: str, lines: list[str], key: str) -> None:
    if member is None or not member.is_active or (actor is not None and actor.id == member.pk):
        return
    queue_mail(to=member.email, subject=subject, text="\n".join(lines) + "\n", key=f"{key}:{member.pk}")
