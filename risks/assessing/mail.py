"""Mail about an assessment, to whoever prepared it."""

from audit.actors import Actor
from risks.models import RiskAssessment
from workflow.digests import link
from workflow.outbox import queue_mail


def tell(assessment: RiskAssessment, subject: str, words: str, *, key: str, actor: Actor) -> None:
    """Tell whoever prepared it; `key` names what happened, so that one happening is one mail."""
    member = assessment.prepared_by
    if member is None or not member.is_active or member.pk == actor.id:
        return
    lines = [f"The assessment of risks of {assessment.year}, by {actor.name}.", *([words.strip()] if words.strip() else []), ""]
    text = "\n".join([*lines, link(assessment.get_absolute_url())]) + "\n"
    queue_mail(to=member.email, subject=subject, text=text, key=f"risk_assessment:{key}:{member.pk}")
