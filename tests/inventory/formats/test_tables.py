"""Tables out of CSV files as people really have them."""

import io

import pytest

from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError


def read(data: bytes | str, encoding: str = "utf-8"):
    source = io.BytesIO(data.encode(encoding) if isinstance(data, str) else data)
    with open_table(source, name="x.csv", part="people") as table:
        rows = list(table.rows)
    return table.headers, rows, table.notices


def test_rows_are_numbered_as_in_a_spreadsheet_with_the_header_as_row_1():
    headers, rows, notices = read("Name,Role\r\nAda,admin\r\n\r\nBob,user\r\n")
    assert headers == ["Name", "Role"]
    assert rows == [(2, ["Ada", "admin"]), (4, ["Bob", "user"])]
    assert notices == []


def test_a_quoted_newline_is_one_row():
    _, rows, _ = read('Name,Role\n"Ada\nLovelace",admin\nBob,user\n')
    assert rows == [(2, ["Ada\nLovelace", "admin"]), (3, ["Bob", "user"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"])
def test_the_encoding_is_found(encoding):
    headers, rows, _ = read("Name;Rolle\nJürgen Müßig;Prüfer\n", encoding)
    assert headers == ["Name", "Rolle"]
    assert rows == [(2, ["Jürgen Müßig", "Prüfer"])]


def test_a_guessed_encoding_is_said():
    _, _, notices = read("Name,Role\nJürgen,x\n", "cp1252")
    assert notices == ["The file is not UTF-8; it was read as Windows-1252 (Western European). Check the names with accents."]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_even_when_others_stand_in_the_cells(mark):
    headers, rows, _ = read(f"Name{mark}Role\nLovelace, Ada{mark}a\n" if mark != "," else 'Name,Role\n"Lovelace; Ada",a\n')
    assert headers == ["Name", "Role"]
    assert rows[0][1][0] in {"Lovelace, Ada", "Lovelace; Ada"}


def test_excels_sep_line_names_the_delimiter():
    headers, rows, _ = read("sep=;\nName;Role\nAda;a,b\n")
    assert (headers, rows) == (["Name", "Role"], [(3, ["Ada", "a,b"])])


def test_a_single_column_is_a_table():
    assert read("Login\nada\nbob\n")[:2] == (["Login"], [(2, ["ada"]), (3, ["bob"])])


def test_repeated_headers_are_told_apart_with_a_notice():
    headers, _, notices = read("Role,Name,Role,Role\na,b,c,d\n")
    assert headers == ["Role", "Name", "Role (2)", "Role (3)"]
    assert notices[0] == "The header “Role” occurs more than once; column 3 is shown as “Role (2)”."


def test_a_header_without_a_name_is_called_by_its_position():
    assert read("Name,,Role\na,b,c\n")[0] == ["Name", "Column 2", "Role"]


def test_title_lines_above_the_header_are_skipped_with_a_notice():
    headers, rows, notices = read("User report,,\nMade on 1 October,,\n\nName,Role,State\nAda,admin,active\n")
    assert headers == ["Name", "Role", "State"]
    assert rows == [(5, ["Ada", "admin", "active"])]
    assert notices == ["Row 4 was taken for the header; 2 rows above it were skipped."]


def test_rows_that_are_too_short_or_too_long_are_errors_with_their_number():
    _, rows, _ = read("Name,Role,State\nAda,admin,active\nBob,user\nCid,user,active,more\nDee,user,active,,\n")
    short, long = [row for row in rows if isinstance(row, RowError)]
    assert (short.row_number, short.part, short.raw) == (3, "people", "Bob, user")
    assert short.reasons == ["The row has 2 cells where the header has 3."]
    assert (long.row_number, long.reasons) == (4, ["The row has 4 cells where the header has 3."])
    assert rows[-1] == (5, ["Dee", "user", "active"])


def test_a_nul_rejects_its_row_only():
    _, rows, _ = read(b"Name,Role\nA\0da,admin\nBob,user\n")
    assert isinstance(rows[0], RowError)
    assert rows[0].raw == "A\ufffdda, admin"
    assert rows[1] == (3, ["Bob", "user"])


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_rows_silently():
    _, rows, _ = read('Name,Role\nAda,"admin\nBob,user\nCid,user\n')
    assert len(rows) == 1
    assert isinstance(rows[0], RowError)
    assert "never closed" in rows[0].reasons[0]


def test_a_gigantic_cell_is_refused_with_its_row():
    with pytest.raises(FormatError, match=r"Row 2 has a cell of more than 131,072 characters"):
        read("Name,Role\n" + "x" * 140_000 + ",admin\n")


def test_a_gigantic_line_is_refused():
    with pytest.raises(FormatError, match="four million"):
        read("Name,Role\n" + "x," * 2_500_000 + "\n")


@pytest.mark.parametrize("data", [b"", b"\n\n\n", b"   \n", b"\xef\xbb\xbf", b"\xff\xfe", b",,\n,,\n"])
def test_an_empty_file_is_said_to_be_empty(data):
    with pytest.raises(FormatError, match=r"empty|no rows"):
        read(data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7\nblah", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel"),
        (b"\x1f\x8b\x08\0\0\0\0\0abc", "compressed"),
        (bytes(range(256)) * 16, "not text"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data, sentence):
    with pytest.raises(FormatError, match=sentence):
        read(data)


def test_a_file_object_stays_open_and_a_path_is_closed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Name,Role\nAda,admin\n")
    with open_table(path) as table:
        assert len(list(table.rows)) == 1
    with path.open("rb") as file:
        with open_table(file) as table:
            assert len(list(table.rows)) == 1
        assert not file.closed
        with open_table(file) as again:
            assert len(list(again.rows)) == 1


def test_a_file_that_is_gone_is_a_sentence():
    with pytest.raises(FormatError, match="cannot be read from storage"):
        open_table("/nowhere/at/all.csv")


def test_a_thousand_columns_are_the_limit():
    with pytest.raises(FormatError, match="more than 1000 columns"):
        read(",".join(f"c{i}" for i in range(1001)) + "\n")


def test_a_delimiter_at_the_end_of_each_row_is_no_further_cell():
    headers, rows, notices = read("Name,Role,State\nAda,admin,active,\nBob,user,active,\n")
    assert headers == ["Name", "Role", "State"]
    assert rows == [(2, ["Ada", "admin", "active"]), (3, ["Bob", "user", "active"])]
    assert notices == []


def test_rows_that_are_all_too_short_do_not_make_one_of_them_the_header():
    headers, rows, _ = read("Name,Role,State\nAda,admin\nBob,user\n")
    assert headers == ["Name", "Role", "State"]
    assert [row.row_number for row in rows] == [2, 3]


def test_last_columns_that_are_mostly_blank_leave_the_header_where_it_is():
    headers, rows, _ = read("Name,Role,Note\nAda,admin,\nBob,user,\nCid,user,x\n")
    assert headers == ["Name", "Role", "Note"]
    assert len(rows) == 3
