"""The PDF of an assessment: from what was approved alone, so that the same content gives the same bytes."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from evidence.printing.images import address
from evidence.printing.making import file_of
from evidence.printing.printer import STYLE, Enclosure, make_pdf
from evidence.printing.words import Clock, day, plural
from risks.assessing.difference import Difference
from risks.models import Category, Level, RiskScale, Treatment
from risks.register.heatmap import drawn, places

SHOWN = 150  # risks on paper; the enclosed file has all
_CATEGORIES, _TREATMENTS = dict(Category.choices), dict(Treatment.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What an assessment is printed from."""

    content: dict[str, Any]
    digest: str
    submitted_by: str
    approved_by: str
    approved_at: str
    remark: str
    difference: Difference | None


def assessment_pdf(sheet: Sheet) -> bytes:
    """The PDF with the approved content attached. Takes seconds; raises PrintingFailed."""
    name = f"{sheet.content['reference']}.json"
    enclosure = Enclosure(name, "What was approved, whole", file_of(sheet.content))
    made_at = dt.datetime.fromisoformat(sheet.approved_at).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return make_pdf(assessment_html(sheet), made_at=made_at, enclosures=[enclosure])


def assessment_html(sheet: Sheet) -> str:
    """The assessment as one self-contained HTML page."""
    content, clock = sheet.content, Clock(sheet.content["zone"])
    risks = ranked(content)
    context = {
        **shown(content),
        "sheet": sheet,
        "style": mark_safe(STYLE.read_text(encoding="utf-8")),  # noqa: S308 - our own file
        "as_of": day(content["asOf"]),
        "approved_at": clock.moment(sheet.approved_at),
        "picture": address(picture(content, name="heat")),
        "risks": risks[:SHOWN],
        "left_out": max(0, len(risks) - SHOWN),
        "steps": _steps(content["scale"]),
        "status": _status(content, sheet, clock),
    }
    return render_to_string("risks/assessment_pdf.html", context)


def shown(content: dict[str, Any]) -> dict[str, Any]:
    """What page and paper both show: texts, the levels with how many risks have each, the categories."""
    scale = scale_of(content)
    risks = content["risks"].values()
    counts = Counter(risk["residual"]["level"] for risk in risks if risk["residual"])
    before = Counter(risk["inherent"]["level"] for risk in risks if risk["inherent"])
    kinds = Counter(risk["category"] for risk in risks)
    return {
        "content": content,
        "count": len(content["risks"]),
        "levels": [(scale.level_word(key), before[key], counts[key]) for key in reversed(Level.values)],
        "categories": [(label, kinds[key]) for key, label in _CATEGORIES.items() if kinds[key]],
        "texts": [(label, content[name]) for name, label in _TEXTS.items() if content[name]],
    }


_TEXTS = {
    "objectives": "Objectives that the risks are measured against",
    "method": "How they were found and rated",
    "participants": "Who took part",
    "conclusion": "What it comes to",
}


def ranked(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Its risks, the gravest first, with words for what is a key."""
    found = [
        {
            **risk,
            "reference": key,
            "categoryWord": _CATEGORIES.get(risk["category"], ""),
            "treatmentWord": _TREATMENTS.get(risk["treatment"], "Not chosen"),
            "controlCodes": ", ".join(risk["controls"]),
            "acceptedUntil": day(risk["acceptedUntil"]),
        }
        for key, risk in content["risks"].items()
    ]
    return sorted(found, key=lambda one: (-(one["residual"] or {"score": 0})["score"], one["reference"]))


def scale_of(content: dict[str, Any]) -> RiskScale:
    """The scale that it froze, of no organization: a document is printed outside of any."""
    facts = {name: content["scale"][name] for name in ("likelihood", "impact", "levels", "generation")}
    return RiskScale(tenant_id=None, number=content["scale"]["version"], **facts)


def picture(content: dict[str, Any], *, name: str) -> Any:
    """Its heat map after controls."""
    scale = scale_of(content)
    rated = [risk["residual"] for risk in content["risks"].values() if risk["residual"]]
    counts = Counter((one["likelihood"], one["impact"]) for one in rated)
    return drawn(scale, places(scale, counts), name=name, title="With the controls: likelihood and impact")


def _status(content: dict[str, Any], sheet: Sheet, clock: Clock) -> str:
    scale = scale_of(content)
    grave = [one for one in content["risks"].values() if one["residual"] and one["residual"]["level"] in {"high", "critical"}]
    words = f"{scale.level_word('high').lower()} or {scale.level_word('critical').lower()} with their controls"
    count = plural(len(content["risks"]), "risk was", "risks were")
    return (
        f"{count} assessed, {len(grave):,} of them {words}. Approved by {sheet.approved_by} on {clock.moment(sheet.approved_at)}."
    )


def _steps(scale: dict[str, Any]) -> list[tuple[int, str, str]]:
    """Both axes beside each other, the highest first."""
    pairs = zip_longest(scale["likelihood"], scale["impact"], fillvalue={"word": "", "meaning": ""})
    return [(number, _said(likely), _said(bad)) for number, (likely, bad) in reversed(list(enumerate(pairs, 1)))]


def _said(step: dict[str, str]) -> str:
    return ": ".join(filter(None, (step["word"], step["meaning"])))
