"""Adding evidence."""

import datetime as dt

from django.db import models

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from evidence.models import Evidence, EvidenceRevision, StoredFile
from tenancy.scope import now
from workflow.references import next_reference


@action
def add_evidence(
    *,
    title: str,
    category: str,
    file: StoredFile,
    source: str,
    collector: str,
    subject: models.Model | None = None,
    actor: Actor,
    method: str = Evidence.Method.AUTOMATIC,
    collected_at: dt.datetime | None = None,
    period_from: dt.date | None = None,
    period_to: dt.date | None = None,
    query: str = "",
    description: str = "",
) -> Evidence:
    """Keep a stored file as evidence, of something done to `subject` where there is one. Its bytes are never changed."""
    collected_at = collected_at or now()
    evidence = Evidence(
        reference=next_reference("EV", f"{collected_at:%Y}"),
        title=title[:200],
        category=category,
        description=description,
        source=source[:200],
        method=method,
        collector=collector[:100],
        query=query,
        period_from=period_from,
        period_to=period_to,
        collected_at=collected_at,
        collected_by=actor if isinstance(actor, Member) else None,
        file=file,
        subject_kind=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
    )
    evidence.full_clean(exclude=["file", "collected_by"])
    evidence.save(force_insert=True)
    EvidenceRevision.objects.create(
        evidence=evidence,
        number=1,
        file=file,
        collected_at=collected_at,
        collected_by=evidence.collected_by,
        period_from=period_from,
        period_to=period_to,
    )
    after = {"title": evidence.title, "category": category, "source": source, "sha256": file.sha256, "size": file.size}
    about = {"about": str(subject or ""), "kind": evidence.subject_kind}
    record("evidence.add", evidence, actor=actor, after=after, metadata=about)
    return evidence
