"""The files that Larkfield's people supply as evidence: short texts and tables, each different from every other."""

import datetime as dt
import io
from collections.abc import Collection

from accounts.models import Member
from controls.models import Control
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from tenancy.models import Organization

Category = Evidence.Category
# By the first letters of a control's code.
CATEGORIES = {
    "AC": Category.ACCESS, "AI": Category.VENDOR, "ASR": Category.RISK, "AST": Category.OTHER, "AVL": Category.MONITORING,
    "BCP": Category.BACKUP, "CHG": Category.CHANGE, "DAT": Category.OTHER, "ENC": Category.ACCESS, "GOV": Category.POLICY,
    "HR": Category.TRAINING, "INC": Category.INCIDENT, "MON": Category.MONITORING, "NET": Category.MONITORING,
    "PHY": Category.OTHER, "RSK": Category.RISK, "VEN": Category.VENDOR, "VUL": Category.MONITORING,
}  # fmt: skip


def family(control: Control) -> str:
    """AC of AC-001."""
    return control.code.partition("-")[0]


def document(
    title: str,
    paragraphs: Collection[str],
    *,
    actor: Member,
    category: str,
    day: dt.date,
    expires_on: dt.date | None = None,
    source: str = "Document library",
) -> Evidence:
    """A document, as of a day."""
    text = "\n\n".join((title, *paragraphs, f"{day:%-d %B %Y}, {actor.name}"))
    return _kept(title, text, actor=actor, category=category, day=day, expires_on=expires_on, source=source)


def working_paper(
    control: Control, label: str, *, actor: Member, first: dt.date, last: dt.date, day: dt.date, log: bool = False
) -> Evidence:
    """What shows that a control was performed in a span of days; `log`: a program kept it day by day."""
    lines = (
        f"{control.code} {control.title}: {label}",
        f"From {first:%-d %B %Y} to {last:%-d %B %Y}",
        control.operation,
        f"Attached as agreed: {control.evidence_expected}",
        f"{actor.name}, {day:%-d %B %Y}",
    )
    return _kept(
        f"{control.title}, {label}",
        "\n\n".join(lines),
        actor=actor,
        category=CATEGORIES[family(control)],
        day=day,
        first=first,
        last=last,
        source=actor.name,
        method=Evidence.Method.AUTOMATIC if log else Evidence.Method.MANUAL,
    )


def _kept(
    title: str,
    text: str,
    *,
    actor: Member,
    category: str,
    day: dt.date,
    source: str,
    first: dt.date | None = None,
    last: dt.date | None = None,
    expires_on: dt.date | None = None,
    method: str = Evidence.Method.MANUAL,
) -> Evidence:
    organization: Organization = actor.organization
    name = "".join(letter if letter.isalnum() else "-" for letter in title.lower())[:80].strip("-")
    return add_evidence(
        title=title,
        category=category,
        file=store(io.BytesIO(text.encode()), f"{name}.txt"),
        source=source,
        collector=actor.name,
        actor=actor,
        method=method,
        collected_at=dt.datetime.combine(day, dt.time(10), organization.tzinfo),
        period_from=first,
        period_to=last,
        expires_on=expires_on,
    )
