"""The life of an annual assessment: begun, submitted (which freezes the register), approved by somebody else, or returned."""

import datetime as dt
from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from risks.assessing.content import TEXTS, content_of, missing, refuse_later
from risks.assessing.due import approved_before
from risks.assessing.kept import keep_content
from risks.assessing.mail import tell
from risks.assessing.printing import ask_pdf
from risks.models import RiskAssessment, RiskAssessmentVersion
from risks.register.actions import today
from risks.rights import for_keepers, member_of, why_not_approve
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.binding import hash_of
from workflow.changes import change
from workflow.references import period_reference
from workflow.transitions import Transition
from workflow.uniqueness import refusing_taken

Status = RiskAssessment.Status
ALTERED = "What was submitted is not what you saw: look at it again."
NOTHING = "Nothing was changed."


@action
def begin_assessment(
    *, actor: Actor, year: int, objectives: str, method: str, participants: str, conclusion: str = ""
) -> RiskAssessment:
    """Begin the assessment of a year. One for each year. Raises ActionRefused."""
    for_keepers(actor)
    texts = {"objectives": objectives, "method": method, "participants": participants, "conclusion": conclusion}
    assessment = RiskAssessment(
        reference=period_reference("RA", str(year)),
        year=year,
        previous=approved_before(year),
        prepared_by=member_of(actor),
        prepared_at=now(),
        **{name: text.strip() for name, text in texts.items()},
    )
    with refusing_taken(RiskAssessment):
        assessment.save(force_insert=True)
    record(
        "risk_assessment.begin",
        assessment,
        actor=actor,
        after={"year": year, **{name: getattr(assessment, name) for name in TEXTS}},
    )
    return assessment


@action
def edit_assessment(assessment: RiskAssessment, *, actor: Actor, **said: Any) -> RiskAssessment:
    """Change what is written of it, while it is a draft. Raises ActionRefused."""
    for_keepers(actor)
    locked = _locked(assessment)
    if locked.status != Status.DRAFT:
        raise ActionRefused(f"{locked} is {locked.get_status_display().lower()}: it cannot be changed now.")
    given = {name: said[name].strip() for name in TEXTS if name in said}
    if all(getattr(locked, name) == text for name, text in given.items()):
        raise ActionRefused(NOTHING)
    return change(locked, "risk_assessment.edit", actor=actor, fields=given)


@action
def submit_assessment(assessment: RiskAssessment, *, actor: Actor, as_of: dt.date | None = None) -> RiskAssessment:
    """Freeze the register as it stands, bound by its hash, and put it before an approver. Raises ActionRefused.

    `as_of` is the day of which it speaks, today unless it was gone through earlier: when it was frozen stands beside it, and
    nothing in it was said on a later day. It is compared with the last one of an earlier year that is approved by now.
    """
    RiskAssessment.SUBMIT.authorise(actor)
    locked = _locked(assessment)
    RiskAssessment.SUBMIT.check(locked)
    if lacking := missing():
        raise ActionRefused(f"Not yet: {' '.join(lacking)}")
    day = as_of or today()
    if day > today():
        raise ActionRefused("Choose today or a day before.", field="as_of")
    locked.previous = approved_before(locked.year)
    content = content_of(locked, day)
    refuse_later(content, day)
    version = RiskAssessmentVersion(
        assessment=locked,
        number=locked.versions.count() + 1,
        content=content,
        content_hash=hash_of(content),
        made_by=member_of(actor),
        made_at=now(),
    )
    version.save(force_insert=True)
    about = {"sha256": version.content_hash, "version": version.number, "risks": len(content["risks"])}
    RiskAssessment.SUBMIT.apply(
        locked,
        actor=actor,
        metadata=about,
        as_of=day,
        previous=locked.previous,
        content_hash=version.content_hash,
        submitted_by=member_of(actor),
        submitted_at=version.made_at,
        remark="",
    )
    assessment.refresh_from_db()
    return locked


@action
def approve_assessment(assessment: RiskAssessment, *, actor: Actor, content_hash: str, note: str = "") -> RiskAssessment:
    """Approve exactly what was seen: `content_hash` is that of the page. Not by whoever prepared it. Raises ActionRefused."""
    RiskAssessment.APPROVE.authorise(actor)
    locked = _locked(assessment)
    RiskAssessment.APPROVE.check(locked)
    if refusal := why_not_approve(actor, locked):
        raise ActionRefused(refusal)
    version = submitted_version(locked)
    if not content_hash == locked.content_hash == version.content_hash == hash_of(version.content):
        raise ActionRefused(ALTERED)
    facts: dict[str, Any] = {"approved_by": member_of(actor), "approved_at": now(), "approved_hash": version.content_hash}
    item = keep_content(locked, version, actor=actor)
    about = {"sha256": version.content_hash, "version": version.number}
    _move(RiskAssessment.APPROVE, locked, actor, note.strip(), metadata=about, evidence=item, **facts)
    tell(locked, f"{locked} is approved", note, key=f"{locked.pk}:approved", actor=actor)
    ask_pdf(locked, actor=actor)
    assessment.refresh_from_db()
    return locked


@action
def return_assessment(assessment: RiskAssessment, *, actor: Actor, reason: str) -> RiskAssessment:
    """Give it back to whoever prepared it, and say why. Raises ActionRefused."""
    locked = _locked(assessment)
    why = stated(reason)
    _move(RiskAssessment.RETURN, locked, actor, why)
    tell(locked, f"{locked} came back to you", why, key=f"{locked.pk}:returned:{now().isoformat()}", actor=actor)
    assessment.refresh_from_db()
    return locked


@action
def recall_assessment(assessment: RiskAssessment, *, actor: Actor, reason: str) -> RiskAssessment:
    """Take it back from its approver to change it. Raises ActionRefused."""
    locked = _locked(assessment)
    _move(RiskAssessment.RECALL, locked, actor, stated(reason))
    assessment.refresh_from_db()
    return locked


@action
def withdraw_assessment(assessment: RiskAssessment, *, actor: Actor, reason: str) -> RiskAssessment:
    """It is not made; the year is free for another. Raises ActionRefused."""
    locked = _locked(assessment)
    _move(RiskAssessment.WITHDRAW, locked, actor, stated(reason))
    assessment.refresh_from_db()
    return locked


def submitted_version(assessment: RiskAssessment) -> RiskAssessmentVersion:
    """What was submitted last, whole."""
    return RiskAssessmentVersion.objects.filter(assessment=assessment).order_by("-number")[0]


def _move(
    transition: Transition,
    assessment: RiskAssessment,
    actor: Actor,
    words: str,
    *,
    metadata: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    transition.apply(assessment, actor=actor, note=words, metadata=metadata, remark=words, **facts)


def _locked(assessment: RiskAssessment) -> RiskAssessment:
    rows = RiskAssessment.objects.select_for_update(of=("self",))
    return rows.select_related("prepared_by__user", "previous").get(pk=assessment.pk)
