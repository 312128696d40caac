"""The PDF of a frozen description: from its file, the assertion and the given pictures alone, so that the bytes stay the same."""

import base64
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from controls.binder.drawing import draw, shown_flows
from controls.binder.markdown import render
from controls.binder.snapshot import to_json
from controls.gaps.report import day
from controls.models import Assertion
from evidence.models import StoredFile
from evidence.previews.pictures import picture_of
from evidence.printing.printer import STYLE, Enclosure, make_pdf


@dataclass(frozen=True, slots=True)
class Printed:
    """What goes into the PDF. `pictures` are PNGs by kind of diagram, drawn from the files somebody gave."""

    data: Mapping[str, Any]
    sha256: str
    assertion: Assertion | None
    pictures: Mapping[str, bytes]


def pictures_of(data: Mapping[str, Any]) -> dict[str, bytes]:
    """The given diagrams as pictures made here. One that cannot be drawn is left out: the PDF says so in words."""
    found = {}
    for kind, one in data["diagrams"].items():
        if one["source"] == "file":
            picture = picture_of(StoredFile.objects.get(pk=one["file"]), 1)
            if picture is not None:
                found[kind] = picture.png
    return found


def description_html(printed: Printed) -> str:
    """The description as one self-contained HTML page."""
    data = printed.data
    context = {
        "data": shown_data(data),
        "digest": printed.sha256,
        "assertion": printed.assertion,
        "style": mark_safe(STYLE.read_text(encoding="utf-8")),  # noqa: S308 - our own file
        "period": _span(data["period"]),
        "as_of": day(data["asOf"]),
        "made_at": _local(data["madeAt"], data["zone"]),
        "categories": ", ".join(data["period"]["categories"]),
        "parts": shown_parts(data, printed.pictures),
        "signed_at": _moment(printed.assertion, data["zone"]),
    }
    return render_to_string("controls/description_pdf.html", context)


def print_description(printed: Printed) -> bytes:
    """The PDF with the frozen data attached. Takes seconds; raises PrintingFailed."""
    data = printed.data
    content = to_json(dict(data))
    enclosure = Enclosure(f"{data['reference']}.json", "The data this description was printed from", content)
    made_at = data["madeAt"] if printed.assertion is None else _utc(printed.assertion.signed_at)
    return make_pdf(description_html(printed), made_at=made_at, enclosures=[enclosure])


def shown_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with its days in words."""
    return {
        **data,
        "changes": [{**one, "on": day(one["on"])} for one in data["changes"]],
        "subserviceOrganizations": [{**one, "reportUntil": day(one["reportUntil"])} for one in data["subserviceOrganizations"]],
    }


def shown_parts(data: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None) -> list[dict[str, Any]]:
    """The nine parts as templates show them: texts as HTML, diagrams as drawings."""
    return [
        {
            **part,
            "sections": [
                {
                    **one,
                    "html": render(one["text"]) if one["text"] else "",
                    "diagram": _diagram(one["generated"], data, pictures or {}),
                }
                for one in part["sections"]
            ],
        }
        for part in data["parts"]
    ]


def _diagram(kind: str, data: Mapping[str, Any], pictures: Mapping[str, bytes]) -> dict[str, Any] | None:
    """How a diagram is shown; None for what is written beside a text that is no diagram."""
    given = data["diagrams"].get(kind)
    if given is None:
        return None
    shown: dict[str, Any] = {**given, "kind": kind, "svg": "", "image": "", "legend": []}
    if given["source"] == "drawn":
        shown["svg"] = draw(kind, data["systems"], data["flows"])
        shown["legend"] = shown_flows(kind, data["flows"])
    elif kind in pictures:
        shown["image"] = SafeString("data:image/png;base64," + base64.b64encode(pictures[kind]).decode())
    return shown


def _span(period: Mapping[str, Any]) -> str:
    if period["from"] == period["to"]:
        return f"{period['type']} as of {day(period['from'])}"
    return f"{period['type']}, {day(period['from'])} to {day(period['to'])}"


def _local(iso: str, zone: str) -> str:
    local = dt.datetime.fromisoformat(iso).astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%b %Y, %H:%M} ({zone})"


def _moment(assertion: Assertion | None, zone: str) -> str:
    return _local(assertion.signed_at.isoformat(), zone) if assertion else ""


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
