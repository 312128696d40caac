"""XLSX as spreadsheets save it, and as somebody hostile would."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from evidence.tables import workbooks
from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table


def workbook(sheets: dict[str, list[list[object]]], **options) -> io.BytesIO:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"} | options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file


def read(file: io.BytesIO):
    with open_table(file, name="x.xlsx") as table:
        return table.headers, list(table.rows), table.notices


def repacked(file: io.BytesIO, changes: dict[str, bytes], drop: str = "") -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != drop:
                new.writestr(entry.filename, changes.get(entry.filename, old.read(entry)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return out


def test_values_become_text_as_a_person_sees_them():
    when = dt.datetime(2026, 10, 1, 12, 30)  # noqa: DTZ001 - spreadsheets have no zones
    file = workbook({"Users": [["Name", "Number", "Share", "Admin", "Used"], ["Ada", 7, 0.5, True, when]]})
    headers, rows, notices = read(file)
    assert headers == ["Name", "Number", "Share", "Admin", "Used"]
    assert rows == [(2, ["Ada", "7", "0.5", "true", "2026-10-01T12:30:00"])]
    assert notices == []


def test_row_numbers_are_those_of_the_sheet_when_it_starts_further_down():
    file = workbook({"Users": [[], [], ["Name", "Role"], ["Ada", "admin"], [], ["Bob", "user"]]})
    headers, rows, _ = read(file)
    assert headers == ["Name", "Role"]
    assert [row[0] for row in rows] == [4, 6]


def test_the_first_sheet_with_data_is_read_with_a_notice():
    file = workbook({"Empty": [], "Users": [["Name", "Role"], ["Ada", "admin"]], "Notes": [["x"]]})
    _, rows, notices = read(file)
    assert rows == [(2, ["Ada", "admin"])]
    assert notices == ["The workbook has 3 sheets; only “Users” was read."]


def test_a_workbook_without_data_is_refused():
    with pytest.raises(FormatError, match="no sheet with data"):
        read(workbook({"Empty": []}))


def test_formulas_are_read_as_their_values():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Role"])
        sheet.write_formula(1, 0, '=HYPERLINK("http://evil.example","Ada")', value="Ada")
        sheet.write_string(1, 1, "=1+1")
    assert read(file)[1] == [(2, ["Ada", "=1+1"])]


def test_openpyxl_files_are_read_too():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Users")
    sheet.append(["Name", "Role"])
    sheet.append(["Jürgen", "Prüfer"])
    file = io.BytesIO()
    book.save(file)
    assert read(file)[1] == [(2, ["Jürgen", "Prüfer"])]


def test_a_zip_bomb_is_not_opened():
    file = repacked(workbook({"Users": [["Name"]]}), {"xl/sharedStrings.xml": b"<sst>" + b" " * (80 << 20)})
    with pytest.raises(FormatError, match="far more data"):
        read(file)


def test_a_bomb_that_lies_about_its_size_is_not_opened_either(monkeypatch):
    file = repacked(workbook({"Users": [["Name"]]}), {"xl/big.xml": b" " * (64 << 20)})
    data = bytearray(file.getvalue())
    declared = (64 << 20).to_bytes(4, "little")
    assert declared in data
    lying = bytes(data).replace(declared, (1000).to_bytes(4, "little"))
    with pytest.raises(FormatError):
        read(io.BytesIO(lying))


def sheet_of(rows: bytes) -> io.BytesIO:
    start = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return repacked(workbook({"Users": [["Name"]]}), {"xl/worksheets/sheet1.xml": start + rows + b"</sheetData></worksheet>"})


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r = \'XFD1048576\'><v>1</v></c></row>',
        b'<row r="1">' + b"<c><v>1</v></c>" * 3000 + b'</row><row r="1048576"><c><v>1</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c></row>' + b"<row/>" * 20_000 + b'<row><c\n\tr="XFD20002"><v>1</v></c></row>',
    ],
)
def test_cells_in_opposite_corners_do_not_cost_the_rectangle_between_them(rows):
    with pytest.raises(FormatError, match="spreads over more cells"):
        read(sheet_of(rows))


def test_cells_that_do_not_say_where_they_stand_are_read_in_order():
    cell = b'<c t="inlineStr"><is><t>%s</t></is></c>'
    rows = [b"<row>" + b"".join(cell % text for text in row) + b"</row>" for row in ((b"Name", b"Role"), (b"Ada", b"x"))]
    assert read(sheet_of(b"".join(rows)))[1] == [(2, ["Ada", "x"])]


def test_one_long_text_in_a_million_cells_is_not_copied_a_million_times():
    texts = b"<sst><si><t>" + bytes(range(97, 123)) * 1500 + b"</t></si></sst>"
    file = sheet_of(b"".join(b"<row>" + b'<c t="s"><v>0</v></c>' * 10 + b"</row>" for _ in range(10_000)))
    with pytest.raises(FormatError, match="repeats texts too long"):
        read(repacked(file, {"xl/sharedStrings.xml": texts}))


def test_a_place_cannot_hide_behind_a_long_run_of_blanks():
    with pytest.raises(FormatError, match="damaged"):
        read(sheet_of(b'<row><c r="A1"/><c r' + b" \t" * 1500 + b'="XFD1"/></row>'))


def test_a_truncated_workbook_is_damaged():
    data = workbook({"Users": [["Name", "Role"], ["Ada", "admin"]]}).getvalue()
    for length in (30, len(data) // 2, len(data) - 10):
        with pytest.raises(FormatError):
            read(io.BytesIO(data[:length]))


def test_other_zip_files_are_named():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("people.csv", "a,b")
    with pytest.raises(FormatError, match="not an Excel workbook"):
        read(file)
    file = repacked(workbook({"Users": [["Name"]]}), {"xl/workbook.bin": b"x"}, drop="xl/workbook.xml")
    with pytest.raises(FormatError, match="xlsb"):
        read(file)


def test_a_hidden_sheet_is_read_only_when_it_alone_has_data():
    book = openpyxl.Workbook()
    hidden = book.create_sheet("Data")
    hidden.append(["Name", "Role"])
    hidden.append(["Ada", "x"])
    hidden.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    assert read(file)[2] == ["Only the hidden sheet “Data” has data; it was read."]


def test_a_panic_of_the_reader_is_a_damaged_workbook():
    panic = type("PanicException", (BaseException,), {})()
    assert isinstance(workbooks._translated(panic), FormatError)
    assert isinstance(workbooks._translated(KeyboardInterrupt()), KeyboardInterrupt)


@pytest.mark.parametrize("kind", ["file", "address", "laughs"])
def test_entities_of_a_workbook_are_not_resolved(tmp_path, kind):
    """Neither those that name a file or an address, nor those that grow; sockets are blocked, so a request would fail."""
    secret = tmp_path / "secret.txt"
    secret.write_text("planted-canary")
    many = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    entity = {
        "file": f'<!ENTITY x SYSTEM "file://{secret}">',
        "address": '<!ENTITY x SYSTEM "http://203.0.113.7/canary">',
        "laughs": f'<!ENTITY e0 "planted-canary">{many}<!ENTITY x "&e8;">',
    }[kind]
    shared = (
        f'<?xml version="1.0"?><!DOCTYPE sst [{entity}]>'
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="2" uniqueCount="2">'
        "<si><t>Name</t></si><si><t>&x;</t></si></sst>"
    )
    hostile = repacked(workbook({"Users": [["Name"], ["Ada"]]}), {"xl/sharedStrings.xml": shared.encode()})
    try:
        headers, found, _ = read(hostile)
    except FormatError:
        return
    assert "planted-canary" not in f"{headers} {found}"
