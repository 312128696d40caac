"""Files of registers that are wrong in ways that nobody would make by hand."""

import pytest

from controls.sheets.importing import import_rows
from evidence.tables.rows import RowError, row_error
from evidence.tables.trailer import without_trailer
from policies.exceptions.sheet import REGISTER as EXCEPTIONS
from policies.violations.sheet import REGISTER as VIOLATIONS
from privacy.customers.sheet import REGISTER as CUSTOMERS
from privacy.notices.actions import edit_version, publish_version, write_version
from privacy.notices.sheet import REGISTER as NOTICES
from privacy.retention.sheet import REGISTER as HOLDS
from tenancy.scope import now, tenant
from tests.privacy.making import a_version
from tests.sheets import as_it_was, brought, taken_in, taken_out, written
from ui.refusals import ActionRefused
from workflow.references import next_reference

_NOTES = ["# List: Changes, all", "# Filter: none", "# Rows: 3", f"# SHA-256 of the lines above: {'a' * 64}"]
_FOREIGN = b"Number,Matter,Why,State,Placed\nCHG-2026-999999,M,R,In force,2026-01-12\nX-7,N,R,In force,2026-01-12\n"
pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize(
    "when", ["0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1969-12-31T23:59:59+00:00"]
)
def test_an_instant_that_no_page_could_show_is_refused_in_its_row(acme, cast, when):
    with tenant(acme):
        _, plan = brought(HOLDS, cast.manager, f"Matter,Why,State,Placed\nM,R,In force,{when}\n".encode())
        assert not plan.new
        assert ["plausible" in " ".join(one.errors) for one in plan.wrong] == [True]


@pytest.mark.parametrize(
    ("register", "header", "lacks"),
    [
        (EXCEPTIONS, "Policy,Person,E-mail,What,Why,Instead,Risk,Severity,State,Asked", "Until"),
        (VIOLATIONS, "What is wrong,Where,Severity,Found by,Found,State", "Due"),
    ],
)
def test_a_column_that_has_to_be_there_is_named(acme, cast, register, header, lacks):
    with tenant(acme), pytest.raises(ActionRefused, match=rf"no column .*\b{lacks}\b"):
        brought(register, cast.manager, f"{header}\n{',x' * header.count(',')}\n".encode())


def test_a_place_needs_no_column_that_says_when_it_was_done(acme, cast):
    data = b'Customer,Contract ended,Due,State,"Which data, where"\nC,2026-01-31,2026-03-02,Open,DB\n'
    with tenant(acme):
        _, plan = brought(CUSTOMERS, cast.manager, data)
        assert [CUSTOMERS.told(one) for one in plan.new] == ["Open: DB, to be done"]
        taken_in(CUSTOMERS, cast.manager, data)
        as_it_was(CUSTOMERS, cast.manager, data)


def test_customers_come_twice_without_a_column_of_places(acme, cast):
    data = b"Customer,Contract ended,Due,State\nC,2026-01-31,2026-03-02,Open\n"
    with tenant(acme):
        taken_in(CUSTOMERS, cast.manager, data)
        as_it_was(CUSTOMERS, cast.manager, data)


def test_a_customer_is_not_closed_before_it_was_opened(acme, cast):
    row = "C,2026-01-31,2026-03-02,Closed,2026-03-01 10:00,2026-02-01 10:00,Database,2026-02-01,Dropped"
    head = 'Customer,Contract ended,Due,State,Opened,Closed,"Which data, where",Done on,How'
    with tenant(acme):
        _, plan = brought(CUSTOMERS, cast.manager, f"{head}\n{row}\n".encode())
        assert [one.errors for one in plan.wrong] == [["Opened, then closed, and neither after now."]]


def test_a_number_of_another_register_does_not_move_its_numbers(acme, cast):
    with tenant(acme):
        stored, plan = brought(HOLDS, cast.manager, _FOREIGN)
        assert [one.notices for one in plan.noticed] == [["CHG-2026-999999 is no number of this register: it gets a new one."]]
        import_rows(HOLDS, stored, actor=cast.manager, stamp=plan.stamp())
        year = f"{now():%Y}"
        assert next_reference("CHG", year) == f"CHG-{year}-0001"
        assert sorted(row[0] for row in written(HOLDS)) == [f"{HOLDS.prefix}-{year}-0001", "X-7"]


def test_a_name_that_begins_like_a_note_of_the_file_is_a_row(acme, globex, cast):
    with tenant(acme):
        a_version(cast.manager, "# Website")
        a_version(cast.manager, "Other")
    data = taken_out(cast.manager, "/o/acme/privacy/notices/", "csv")
    with tenant(globex):
        taken_in(NOTICES, cast.of("globex", "manager"), data)
        assert len(written(NOTICES)) == 2


def test_a_notice_with_ends_of_lines_of_every_kind_comes_back(acme, globex, cast):
    with tenant(acme):
        version = a_version(cast.manager, "Website")
        draft = write_version(version.notice, actor=cast.manager, text="  One\r\nTwo\rThree\nFour\x07 five \n")
        assert draft.text == "One\nTwo\nThree\nFour five"
        edit_version(draft, actor=cast.manager, text="\tSix\r\nseven\x1b")
        assert publish_version(draft, actor=cast.manager, in_force_from=acme.today()).text == "Six\nseven"
        before = written(NOTICES)
    data = taken_out(cast.manager, "/o/acme/privacy/notices/", "csv")
    with tenant(globex):
        taken_in(NOTICES, cast.of("globex", "manager"), data)
        assert written(NOTICES) == before


def _rows(*firsts: str) -> list[tuple[int, list[str]] | RowError]:
    return [(at, [one, ""]) for at, one in enumerate(firsts, 2)]


def test_the_notes_of_an_export_are_no_rows_wherever_it_stands():
    whole = ["A", "# B: C", *_NOTES, "D", "# List: Mine", "# E", *_NOTES, "F"]
    assert [row[1][0] for row in without_trailer(iter(_rows(*whole)))] == ["A", "# B: C", "D", "# List: Mine", "# E", "F"]  # type: ignore[index]


def test_notes_that_are_cut_off_or_endless_are_rows():
    cut = ["A", *_NOTES[:-1]]
    endless = ["# List: Mine", *["# E"] * 40, _NOTES[-1]]
    for whole in (cut, endless, _NOTES[1:2], _NOTES[3:]):
        assert list(without_trailer(iter(_rows(*whole)))) == _rows(*whole)


def test_notes_that_are_no_rows_of_the_table_are_none_either():
    errors = [row_error(at, "", [one, "x", "y"], "It has 3 cells.") for at, one in enumerate(_NOTES, 2)]
    assert list(without_trailer(iter([*errors, (9, ["A", ""])]))) == [(9, ["A", ""])]
