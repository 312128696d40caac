"""The documents themselves, made from data without a database."""

import datetime as dt
import hashlib
import io
from dataclasses import replace
from typing import Any

import openpyxl
import pypdf
import pytest

from evidence.printing.press import limit_memory
from evidence.printing.printer import PrintingFailed, make_pdf
from evidence.printing.words import Clock, share
from reviews.outputs import facts
from reviews.outputs.data import Kind, from_json
from reviews.outputs.front import front
from reviews.outputs.register import register_csv
from reviews.outputs.report import report_html, report_pdf
from reviews.outputs.sections import scope_blocks, scope_sentence
from reviews.outputs.workbook import make_workbook
from tests.reviews.outputs.sample import report_data

MADE_AT = "2026-07-30T15:00:00Z"


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def attachments_of(pdf: bytes) -> dict[str, Any]:
    return {name: parts[0] for name, parts in pypdf.PdfReader(io.BytesIO(pdf)).attachments.items()}


def test_the_data_survives_its_json() -> None:
    data = report_data(Kind.COMPLETED, entitlements=90)
    assert from_json(data.to_json()) == data
    assert from_json(data.to_json()).digest == data.digest


def test_data_of_another_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="not report data"):
        from_json(b'{"schema": "something else"}')


def test_the_sentence_of_status_names_what_an_auditor_could_ask_about() -> None:
    page = front(report_data())
    assert page.status.startswith("599 of 600 entitlements in 8 systems were decided and the review was signed off; 47 must")
    assert (
        "with four matters an auditor could ask about: the population of GitHub could not be shown to be complete" in page.status
    )
    assert "Marcus Webb kept all 120 in one bulk act" in page.status


def test_the_sentence_of_status_counts_the_flagged_that_were_kept() -> None:
    data = report_data()
    kept = facts.flagged_kept(data)
    fine = [replace(row, decision="retain", in_bulk=False) for row in data.items if row not in kept]
    on_time = replace(data, campaign=replace(data.campaign, due_on="2026-12-31"), systems=[data.systems[0]], items=fine)
    plain = replace(on_time, items=[replace(row, flags=[]) for row in fine])
    assert front(plain).status.endswith("Nothing stands out that an auditor would ask about.")
    asked = replace(on_time, items=[*plain.items, *kept])
    assert front(asked).matters == [f"{len(kept)} flagged entitlements were kept"]
    assert f"with one matter an auditor could ask about: {len(kept)} flagged entitlements were kept" in front(asked).status


def test_a_completed_report_names_every_removal_that_was_not_verified() -> None:
    assert "1 access was accepted by name instead of removed" in front(report_data(Kind.COMPLETED)).matters


def test_a_count_that_was_changed_and_has_no_picture_is_said_with_the_population() -> None:
    data = report_data()
    changed = replace(data.systems[0], recounts=["The stated count was changed from 10 accounts to 9 accounts."], picture=False)
    (block,) = scope_blocks(replace(data, systems=[changed]))
    assert block.notes[:2] == [*changed.recounts, "There is no picture of the source's own count."]


def test_the_scope_counts_the_accounts_in_the_review_and_those_left_out() -> None:
    data = report_data()
    okta = next(one for one in data.systems if one.name == "Okta")
    rows = [row for row in data.items if row.system == "Okta"]
    one = replace(data, systems=[replace(okta, accounts=149, left_out=1)], items=rows)
    said = scope_sentence(one)
    assert "entitlements of 148 accounts in 1 system: Okta." in said
    assert said.endswith("1 more account is left out, as its state counts as no access.")
    assert "left out" not in scope_sentence(replace(one, systems=[replace(okta, left_out=0)]))


def test_page_one_has_five_numbers_with_denominators_and_at_most_three_asks() -> None:
    for kind in Kind:
        page = front(report_data(kind))
        assert len(page.figures) == 5
        assert all(" of " in figure.value for figure in page.figures)
        assert len(page.asks) <= 3


def test_actions_name_a_person_and_a_day() -> None:
    page = front(report_data())
    assert [(ask.who, ask.due) for ask in page.asks] == [("Priya Raman", "6 Aug 2026")] * 3
    assert page.more_asks == 5


def test_a_completed_report_counts_what_was_verified_accepted_late_and_reported_too_early() -> None:
    ends = facts.outcomes(report_data(Kind.COMPLETED))
    assert (ends.total, ends.verified, ends.accepted, ends.on_time, len(ends.late), ends.reopened) == (47, 46, 1, 45, 1, 1)


def test_decisions_that_were_changed_after_the_sign_off_come_first() -> None:
    data = replace(report_data(), decision_lines=["[1]"])
    assert front(data).matters[0] == "the decisions do not agree with the hash taken at sign-off"


def test_a_population_says_what_was_checked_against_what() -> None:
    said = {block.facts.name: block for block in scope_blocks(report_data())}
    checked = "The file was checked against the source's own count"
    assert said["Okta"].statement == f"{checked}: the source showed 148 entitlements, the file holds 148 entitlements."
    assert said["GitHub"].statement.endswith("The population could not be shown to be complete.")
    assert "by decision of Sara Lindqvist" in " ".join(said["GitHub"].notes)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (599, 600, "(99 %)"),
        (5, 8, "(63 %)"),
        (3, 8, "(38 %)"),
        (7, 8, "(88 %)"),
        (1, 600, "(1 %)"),
        (0, 5, "(0 %)"),
        (0, 0, "0 of 0"),
    ],
)
def test_a_share_is_never_rounded_up_to_all_or_down_to_none(part: int, whole: int, said: str) -> None:
    assert said in share(part, whole)


def test_lateness_is_counted_in_local_days() -> None:
    clock = Clock("America/New_York")
    assert clock.days_late("2026-07-30", "2026-07-31T03:59:00Z") == 0
    assert clock.days_late("2026-07-30", "2026-07-31T04:01:00Z") == 1


def test_a_cell_that_looks_like_a_formula_stays_text() -> None:
    data = report_data(entitlements=3)
    data = replace(data, items=[replace(data.items[0], person="=HYPERLINK(1)", role="https://example.com"), *data.items[1:]])
    assert b"'=HYPERLINK(1)" in register_csv(data)
    sheet = openpyxl.load_workbook(io.BytesIO(make_workbook(data)))["Detail"]
    assert sheet["C2"].value == "=HYPERLINK(1)"
    assert sheet["C2"].data_type == "s"
    assert sheet["G2"].hyperlink is None


def test_the_workbook_has_an_overview_and_every_row_with_a_frozen_filtered_header() -> None:
    book = openpyxl.load_workbook(io.BytesIO(make_workbook(report_data(Kind.COMPLETED))))
    assert book.sheetnames == ["Overview", "Detail"]
    detail = book["Detail"]
    assert detail.max_row == 601
    assert detail.freeze_panes == "B2"
    assert detail.auto_filter.ref == "A1:AL601"
    assert book.properties.created == dt.datetime(2026, 8, 20, 15, 5)  # noqa: DTZ001 - as the format has it


def test_the_same_data_is_the_same_workbook() -> None:
    data = report_data()
    assert make_workbook(data) == make_workbook(data)


def test_the_html_refers_to_nothing_outside() -> None:
    html = report_html(report_data(entitlements=20))
    assert "src=" not in html
    assert "href=" not in html
    assert "url(" not in html


def test_text_from_a_file_is_escaped() -> None:
    data = report_data(entitlements=2)
    data = replace(data, items=[replace(data.items[0], person="<script>alert(1)</script>"), *data.items[1:]])
    assert "<script>" not in report_html(data)


@pytest.mark.slow
def test_the_pdf_has_its_words_its_numbers_and_what_it_was_made_from() -> None:
    data = report_data(entitlements=120)
    first, second = report_pdf(data), report_pdf(data)
    assert first == second
    text = " ".join(text_of(first).split())
    assert "120 entitlements in 2 systems" in text or "of 120 entitlements" in text
    assert "a management report, not an auditor's report or opinion" in text
    assert "The file was checked against the source's own count" in text
    assert "Page 1 of" in text
    assert data.digest in text
    files = attachments_of(first)
    assert hashlib.sha256(files["AR-2026-Q3-D-data.json"]).hexdigest() == data.digest
    assert hashlib.sha256(files["AR-2026-Q3-D-decisions.txt"]).hexdigest() == data.campaign.decision_digest
    assert files["AR-2026-Q3-D-register.csv"].count(b"\r\n") == 121


@pytest.mark.slow
def test_the_last_page_holds_more_than_the_last_rows() -> None:
    last = pypdf.PdfReader(io.BytesIO(report_pdf(report_data(entitlements=120)))).pages[-1].extract_text()
    assert last.count("Alexandra Person-") >= 7
    assert "(privileged)" in " ".join(last.split())


def test_the_pdf_is_tagged_and_archivable() -> None:
    reader: Any = pypdf.PdfReader(io.BytesIO(make_pdf("<html lang=en><title>T</title><p>Text", made_at=MADE_AT)))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    xmp = reader.trailer["/Root"]["/Metadata"].get_object().get_data()
    assert b'pdfaid:part="3"' in xmp
    assert b'pdfuaid:part="1"' in xmp


@pytest.mark.slow
def test_printing_fetches_nothing(tmp_path: Any) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of this machine")
    html = f'<html lang=en><title>T</title><p>Text<link rel=attachment href="file://{secret}"><img src="file://{secret}" alt="">'
    pdf = make_pdf(html, made_at=MADE_AT)
    assert attachments_of(pdf) == {}
    assert b"the secret" not in pdf


@pytest.mark.slow
def test_what_cannot_be_printed_says_so() -> None:
    with pytest.raises(PrintingFailed):
        make_pdf("<html lang=en><title>T</title><p>Text", made_at="not a time")


def test_the_printing_process_has_a_limit_on_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("resource.setrlimit", lambda which, limits: asked.append(limits))
    limit_memory()
    assert asked[0] == (1 << 30, 1 << 30)


def test_a_name_with_characters_that_xml_cannot_hold_leaves_the_metadata_readable() -> None:
    data = report_data(entitlements=5)
    named = replace(data, campaign=replace(data.campaign, name="Third\x0b quarter\x01 \ufffe"))
    assert pypdf.PdfReader(io.BytesIO(report_pdf(named))).xmp_metadata is not None
