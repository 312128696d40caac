"""The part of everything that risks hold: one that is rated, treated with a task, and an assessment that was approved."""

from accounts.models import Member
from controls.models import Control
from inventory.models import Person
from risks.assessing.actions import approve_assessment, begin_assessment, submit_assessment
from risks.register.actions import raise_risk, rate_risk
from risks.register.kept_views import KEPT
from risks.register.treating import treat
from risks.tasks.actions import add_task
from tests.cast import Cast
from workflow.kept_views import keep_view

STEPS = {
    "inherent_likelihood": 3, "inherent_impact": 4, "residual_likelihood": 2, "residual_impact": 4,
    "target_likelihood": 1, "target_impact": 4,
}  # fmt: skip


def make_risks(manager: Member, word: str) -> None:
    """Fill risks; call within the organization's scope, after its controls exist."""
    today = manager.organization.today()
    owner, controls = Person.objects.get(member=manager), list(Control.objects.all()[:1])
    for category in ("fraud", "vendor"):
        risk = raise_risk(actor=manager, statement=f"{word} {category}", category=category, owner=owner, controls=controls)
        rate_risk(risk, actor=manager, reasoning=word, **STEPS)
        treat(risk, actor=manager, treatment="mitigate", plan=word)
        add_task(risk, actor=manager, title=word, owner=owner, due_on=today)
    assessment = begin_assessment(actor=manager, year=today.year, objectives=word, method=word, participants=word)
    submit_assessment(assessment, actor=manager)
    head = Cast().of(manager.organization.slug, "executive")
    approve_assessment(assessment, actor=head, content_hash=assessment.content_hash)
    keep_view(KEPT, actor=manager, name=word, query="state=pending")
