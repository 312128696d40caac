"""Page one, by hand: its sentence, its table, its decisions."""

import datetime as dt
import json
from typing import Any

import pytest

from controls.status.readiness import Share
from reports.monthly.data import Bar, Column, Decision, Figure, Matter, Point, Section, Snapshot, Table
from reports.monthly.front import asked, change, on_course, rows, said, sentence
from reports.monthly.trends import trends

PERIOD = {"name": "2026", "from": "2026-01-01", "to": "2026-12-31"}
OCTOBER = dt.date(2026, 10, 31)


def matters(*texts: str) -> list[Matter]:
    return [Matter(rank=1, text=text) for text in texts]


def snapshot(**given: Any) -> Snapshot:
    facts: dict[str, Any] = {
        "reference": "R-10", "organization": "Larkfield", "zone": "UTC", "kind": "monthly", "month": "2026-10",
        "first": "2026-10-01", "last": "2026-10-31", "name": "October 2026", "short": "October",
        "as_of": "2026-11-01T11:00:00Z", "asked_by": "", "period": PERIOD, "sentence": "", "others": "", "figures": [],
        "before": {"name": "September 2026", "short": "September", "reference": "R-9", "figures": {}}, "matters": [],
        "decisions": [], "sections": [], "definitions": [], "trend": [],
    }  # fmt: skip
    return Snapshot(**{**facts, **given})


@pytest.mark.parametrize(
    ("part", "before", "expected"),
    [
        (90, 95, True),  # good, though it fell
        (89, None, True),
        (89, 89, True),
        (70, 69, True),
        (89, 90, False),  # fair, and fell
        (69, 50, False),
        (0, None, False),
    ],
)
def test_on_course_is_good_or_fair_and_not_falling(part, before, expected):
    assert on_course(Share(part, 100), None if before is None else Share(before, 100)) is expected


@pytest.mark.parametrize(
    ("share", "named", "expected"),
    [
        (Share(51, 58), [], "On course for December, with nothing that an auditor could report."),
        (Share(51, 58), ["a"], "On course for December, with one matter an auditor could report: a."),
        (Share(51, 58), ["a", "b", "c"], "On course for December, with three matters an auditor could report: a, b and c."),
        (
            Share(51, 58),
            ["a", "b", "c", "d"],
            "On course for December, with four matters an auditor could report, above all: a, b and c.",
        ),
        (
            Share(6, 58),
            [],
            "Not on course for December (6 of 58 controls implemented, 10 %), with nothing that an auditor could report.",
        ),
        (Share(0, 0), [], "Readiness was not measured, as nothing is in scope of 2026."),
        (
            Share(0, 0),
            ["a"],
            "Readiness was not measured, as nothing is in scope of 2026. One matter an auditor could report: a.",
        ),
    ],
)
def test_the_sentence_names_what_an_auditor_could_report(share, named, expected):
    assert sentence(share, None, PERIOD, OCTOBER, matters(*named)) == expected


def test_the_sentence_knows_other_years_the_end_and_no_period_at_all():
    later = {**PERIOD, "to": "2027-03-31"}
    assert sentence(Share(9, 9), None, later, OCTOBER, []).startswith("On course for March 2027, with nothing")
    over = sentence(Share(8, 9), None, PERIOD, dt.date(2026, 12, 31), [])
    assert over == "The period is over (8 of 9 controls implemented, 89 %), with nothing that an auditor could report."
    assert sentence(Share(0, 0), None, {}, OCTOBER, []) == "Readiness was not measured, as no audit period is set."


FIGURE = Figure(key="k", label="Kept", part=51, whole=58)


@pytest.mark.parametrize(
    ("changes", "before", "expected"),
    [
        ({}, Share(49, 58), "+2"),
        ({}, Share(51, 60), "no change"),
        ({}, Share(60, 60), "−9"),  # noqa: RUF001 - a minus
        ({}, None, ""),
        ({}, Share(0, 0), ""),
        ({"note": "5 late"}, Share(49, 58), "5 late"),
        ({"measured": False, "note": "5 late"}, Share(49, 58), ""),
    ],
)
def test_the_change_is_the_exceptions_or_the_difference(changes, before, expected):
    figure = Figure(**{**{name: getattr(FIGURE, name) for name in FIGURE.__slots__}, **changes})
    assert change(figure, before) == expected


def test_every_number_carries_its_denominator_and_nothing_is_neither_0_nor_100():
    assert said(FIGURE, FIGURE.share) == "51 of 58 (88 %)"
    findings = Figure(key="f", label="Findings past due", unit="open", none="None open")
    assert said(findings, Share(3, 12)) == "3 of 12 open"
    assert said(findings, Share(0, 0)) == "None open"


def test_what_was_not_measured_is_said_to_be_so_in_its_month():
    unknown = Figure(key="u", label="Unknown", measured=False)
    table = rows(snapshot(figures=[FIGURE, unknown], before={"short": "September", "figures": {"u": None, "k": [49, 58]}}))
    assert [(row.now, row.before, row.change) for row in table] == [
        ("51 of 58 (88 %)", "49 of 58 (84 %)", "+2"),
        ("Not measured in October", "Not measured in September", ""),
    ]


def test_at_most_three_decisions_stand_on_page_one():
    decisions = [Decision(rank=number, what=f"Do {number}.", who="Ada", by="2026-11-03") for number in range(5)]
    assert [one.what for one in asked(snapshot(decisions=decisions))] == ["Do 0.", "Do 1.", "Do 2."]


def test_a_snapshot_is_read_back_as_it_was_written():
    table = Table(title="T", columns=[Column(label="A", width=100)], rows=[["a"], [Bar(parts=[("Missing", 2, "bad")])]])
    made = snapshot(
        figures=[FIGURE],
        matters=matters("a"),
        decisions=[Decision(rank=1, what="Do.", who="Ada", by="2026-11-03")],
        sections=[Section(key="s", title="S", sentence="Said.", tables=[table], notes=["n"])],
        definitions=[("Term", "Text")],
        trend=[Point(month="2026-10", reference="R-10", values={"k": [51, 58], "u": None})],
    )
    assert Snapshot.from_json(made.to_json()) == made
    with pytest.raises(ValueError, match="no report"):
        Snapshot.from_json(b'{"format": "something else"}')


def test_a_snapshot_of_an_earlier_version_is_read_and_stays_the_same_bytes():
    """Figures did not say then what they rest on; the hash of a kept report must not move."""
    kept = snapshot(figures=[FIGURE]).to_json()
    assert b"rests_on" not in kept
    read = Snapshot.from_json(kept)
    assert read.figures[0].rests_on == {}
    assert read.to_json() == kept
    newer = snapshot(figures=[Figure(key="k", label="Kept", rests_on={"on_word": 0})])
    assert json.loads(newer.to_json())["figures"][0]["rests_on"] == {"on_word": 0}


def test_a_line_needs_two_months_in_which_its_figure_was_measured():
    points = [
        Point(month="2026-08", reference="R-8", values={}),
        Point(month="2026-09", reference="R-9", values={"k": None, "f": [1, 10]}),
        Point(month="2026-10", reference="R-10", values={"k": [51, 58], "f": [3, 12]}),
    ]
    findings = Figure(key="f", label="Findings past due", part=3, whole=12, unit="open")
    found = trends(snapshot(figures=[FIGURE, findings], trend=points))
    assert [(one.title, one.words) for one in found] == [
        ("Findings past due, number", "August: not measured; September: 1 of 10 open; October: 3 of 12 open")
    ]
