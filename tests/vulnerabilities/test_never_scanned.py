"""What was never scanned is not called scanned: it says so, and when the first scan is due."""

import csv
import datetime as dt

import pytest

from tests.vulnerabilities.files import pip_audit, trivy
from ui.values import spelled


@pytest.fixture
def page(client_of, cast):
    browser = client_of(cast.manager)
    return lambda path: browser.get(f"/o/acme/vulnerabilities/scopes/{path}")


def test_a_scope_that_was_never_scanned_says_so_with_its_day(page, scope_of):
    scope = scope_of("trivy")
    told = page(f"{scope.pk}/").content.decode()
    assert "Never scanned" in told
    assert "It was never scanned" in told
    assert spelled(scope.next_due_on) in told
    assert ">Scanned<" not in told
    assert "Critical" not in told.partition("<main")[2], "no nought is told of what nobody looked at"
    row = list(csv.reader(b"".join(page("?export=csv")).decode("utf-8-sig").splitlines()))
    assert any({"Never scanned", "In use", scope.next_due_on.isoformat()} <= set(one) for one in row)
    assert not any("Scanned" in one for one in row)
    header = next(one for one in row if "Open" in one)
    never = next(one for one in row if "Never scanned" in one)
    assert never[header.index("Open")] == ""


def test_what_could_not_be_evaluated_is_told_as_that(page, scope_of, scan):
    scope = scope_of("pip_audit")
    scan(scope, pip_audit(skipped=("internal",)), dt.date(2026, 10, 1))
    assert "Not evaluable" in page(f"{scope.pk}/").content.decode()


def test_what_was_evaluated_is_told_as_that(page, scope_of, scan):
    scope = scope_of("trivy")
    scan(scope, trivy())
    assert "Evaluated" in page(f"{scope.pk}/").content.decode()
