"""Rejected rows as a file."""

import csv
import io

from evidence.tables.rejected import write_rejected_csv
from evidence.tables.rows import RowError


def test_rejected_rows_come_with_their_reasons():
    stream = io.StringIO(newline="")
    write_rejected_csv([RowError(7, "people", 'Ada, "x"\nmore', ["One.", "Two."])], stream)
    text = stream.getvalue()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:], newline="")))
    assert rows == [["File", "Row", "Reasons", "Content"], ["people", "7", "One. Two.", 'Ada, "x"\nmore']]


def test_no_cell_can_become_a_formula():
    stream = io.StringIO(newline="")
    raws = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "  =1"]
    write_rejected_csv([RowError(1, "", raw, [""]) for raw in raws], stream)
    rows = list(csv.reader(io.StringIO(stream.getvalue()[1:], newline="")))[1:]
    assert [row[3] for row in rows] == [f"'{raw}" for raw in raws]
