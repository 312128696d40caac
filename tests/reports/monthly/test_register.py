"""What paper has no room for: shown in part with its count, and whole in a workbook that the report carries."""

import hashlib
import io
from typing import Any

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from audit.models import AuditEvent
from reports.models import MonthlyReport
from reports.monthly.actions import take_figures
from reports.monthly.data import Bar, Column, Decision, Matter, Section, Table
from reports.monthly.register import SHOWN, cut, too_long, workbook
from reports.monthly.registry import Area, _areas
from reports.monthly.report import report_html, report_pdf
from reports.monthly.taking import Taken, snapshot_of, taken_of
from tenancy.scope import now
from tests.reports.monthly.conftest import again
from ui.refusals import ActionRefused

MANY = 1_000
COLUMNS = [Column(label="Control", width=60), Column(label="Owner", width=40)]


def rows(number: int) -> list[list[Any]]:
    return [[f"C-{place} =1+1", "Nobody"] for place in range(number)]


def table(title: str, number: int) -> Table:
    return Table(title=title, columns=COLUMNS, rows=rows(number), exceptions=True)


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture
def crowded(asked, monkeypatch) -> MonthlyReport:
    """The report of an area with a thousand of everything, its figures taken."""

    def told(_span: Any) -> Area:
        return Area(
            matters=[Matter(rank=1, text=f"matter {number}") for number in range(MANY)],
            decisions=[Decision(rank=2, what=f"Decide {number}.", who="Ada", by="2026-06-01") for number in range(MANY)],
            sections=[
                Section(key="many", title="Many", sentence="Many.", tables=[table("Not there", MANY), table("Few", SHOWN)])
            ],
        )

    monkeypatch.setitem(_areas, "crowded", (999, told))
    return take_figures(asked)


def test_a_table_that_fits_has_no_register(asked):
    report = take_figures(asked)
    taken = taken_of(report)
    assert (report.register, taken.register, taken.snapshot.register) == (None, b"", {})


def test_paper_shows_the_first_with_their_count_and_the_workbook_has_all(crowded):
    taken = taken_of(crowded)
    said = taken.snapshot
    assert said.register == {"name": "R-1-register.xlsx", "sha256": hashlib.sha256(taken.register).hexdigest()}
    many, few = said.sections[-1].tables
    assert (many.rows, many.left_out, many.attached) == (rows(SHOWN), MANY - SHOWN, True)
    assert (few.rows, few.left_out, few.attached) == (rows(SHOWN), 0, False)
    assert (crowded.matters, said.more_matters, said.more_decisions) == (MANY, MANY - SHOWN, MANY - SHOWN)
    kept = sheets(taken.register)
    assert list(kept) == ["Contents", "What an auditor could report", "Decisions needed", "Not there"]
    assert kept["Not there"] == [["Control", "Owner"], *rows(MANY)]
    assert kept["Decisions needed"][-1] == [f"Decide {MANY - 1}.", "Ada", "2026-06-01"]
    assert kept["Contents"][-1] == ["Not there", "Not there", "1,000"]


def test_each_cut_names_the_attached_file(crowded):
    said = snapshot_of(crowded)
    html = report_html(said, "0" * 64)
    assert html.count("25 of 1,000 shown; all are in the attached file R-1-register.xlsx.") == 3
    assert said.register["sha256"] in html
    assert "997 more in section 2." in html
    assert "1,000 matters" in said.sentence


@pytest.mark.slow
def test_the_pdf_carries_the_register_beside_the_figures(crowded):
    taken = taken_of(crowded)
    document = pypdf.PdfReader(io.BytesIO(report_pdf(taken.snapshot, taken.register)))
    assert {name: content[0] for name, content in document.attachments.items()} == {
        "R-1.json": taken.snapshot.to_json(),
        "R-1-register.xlsx": taken.register,
    }
    assert len(document.pages) < 12


def test_an_altered_register_is_not_printed(crowded, monkeypatch):
    monkeypatch.setattr("reports.monthly.taking.open_file", lambda _stored: io.BytesIO(b"something else"))
    with pytest.raises(ActionRefused, match="does not match the hash"):
        taken_of(again(crowded))


def test_its_page_links_to_it_and_taking_it_is_noted(client_of, executive, crowded):
    client = client_of(executive)
    address = f"/o/acme/reports/{crowded.pk}/"
    page = client.get(address).content.decode()
    assert f'25 of 1,000 shown; all are in the <a href="{address}register.xlsx" download>register</a>' in page
    response = client.get(f"{address}register.xlsx")
    assert b"".join(response.streaming_content) == taken_of(crowded).register
    event = AuditEvent.objects.get(verb="file.download")
    assert (event.actor_id, event.object_id) == (executive.pk, crowded.register_id)


def test_without_a_register_there_is_nothing_to_take_away(client_of, executive, asked):
    assert client_of(executive).get(f"/o/acme/reports/{take_figures(asked).pk}/register.xlsx").status_code == 404


def test_the_same_tables_give_the_same_bytes_and_strange_titles_a_sheet_each():
    bar = Table(title="Bars", columns=COLUMNS[:1], rows=[[Bar(parts=[("In place", 1_200, "ok"), ("Missing", 2, "bad")])]])
    strange = [table("All [of] them: 'a/b'?*. And more", 2), table("all  of  them   a b", 1), table("x" * 40, 1), bar]
    moment = now()
    made = [workbook(strange, title="R-1\x01", author="Acme", moment=moment) for _ in range(2)]
    assert made[0] == made[1]
    kept = sheets(made[0])
    assert len(kept) == 5
    assert kept["Bars"] == [["Control"], ["In place: 1,200, Missing: 2"]]


def test_what_an_area_has_cut_itself_is_not_said_to_be_attached():
    own = Table(title="Own", columns=COLUMNS, rows=rows(3), left_out=5)
    section = Section(key="own", title="Own", sentence="Own.", tables=[own])
    assert cut(section) == section
    assert too_long([section], [], []) == []


def test_what_is_frozen_is_read_back_as_it_was(crowded):
    taken = taken_of(crowded)
    assert isinstance(taken, Taken)
    assert type(taken.snapshot).from_json(taken.snapshot.to_json()) == taken.snapshot
