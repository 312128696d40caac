"""Files of registers that are wrong in ways that nobody would make by hand."""

import pytest

from policies.exceptions.sheet import REGISTER as EXCEPTIONS
from policies.violations.sheet import REGISTER as VIOLATIONS
from privacy.customers.sheet import REGISTER as CUSTOMERS
from privacy.notices.sheet import REGISTER as NOTICES
from privacy.retention.sheet import REGISTER as HOLDS
from tenancy.scope import tenant
from tests.privacy.making import a_version
from tests.sheets import brought, taken_in, taken_out, written
from ui.refusals import ActionRefused

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


def test_a_name_that_begins_like_a_note_of_the_file_is_a_row(acme, globex, cast):
    with tenant(acme):
        a_version(cast.manager, "# Website")
        a_version(cast.manager, "Other")
    data = taken_out(cast.manager, "/o/acme/privacy/notices/", "csv")
    with tenant(globex):
        taken_in(NOTICES, cast.of("globex", "manager"), data)
        assert len(written(NOTICES)) == 2
