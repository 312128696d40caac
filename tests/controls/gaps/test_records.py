"""What scans and other records say against controls in scope: told with an analysis, and moving none of its figures."""

from typing import Any

import pytest

from controls.binder.waiving import waive
from controls.catalogue.actions import create_control
from controls.gaps.actions import take_run
from controls.gaps.data import Snapshot
from controls.gaps.reading import snapshot_of
from controls.gaps.report import gap_html
from controls.models import Control
from tests.vulnerabilities.files import storage, upload
from vulnerabilities.scanning.importing import receive, report_of
from vulnerabilities.scanning.keeping import keep_scan
from vulnerabilities.scanning.stated import Stated
from vulnerabilities.scopes.actions import create_scope

pytestmark = pytest.mark.usefixtures("unprinted")


@pytest.fixture
def encryption(period, manager, today) -> Control:
    """The control of data at rest, as the library has it."""
    facts: dict[str, Any] = {"code": "ENC-1", "title": "Data is encrypted", "cadence": "yearly", "in_scope_since": today}
    made = create_control(actor=manager, criteria={"CC6.1": ""}, **facts)
    Control.objects.filter(pk=made.pk).update(library_key="ENC-001")
    return made


def listed(manager, *rows: str) -> None:
    scope = create_scope(actor=manager, name=f"Account {rows}"[:120], tool="storage")
    stored = receive(scope, actor=manager, upload=upload(storage(*rows), "storage.csv"))
    keep_scan(scope, report_of(stored, scope), stored, stated=Stated(), actor=manager)


def analysed(period, manager) -> Snapshot:
    return snapshot_of(take_run(period, actor=manager))


def test_what_a_list_of_storage_says_against_a_control_is_told_with_its_code(period, encryption, manager):
    before = analysed(period, manager)
    listed(manager, "builds,volume,staging,no,none,,", "mail,queue,production,unknown,,,")
    found = analysed(period, manager)
    assert [(one.key, one.controls, one.outcome) for one in found.records[:2]] == [
        ("encryption-at-rest", ["ENC-1"], "broken"),
        ("encryption-at-rest", ["ENC-1"], "unknown"),
    ]
    assert found.records[0].sentence == "Not encrypted at rest: builds (volume, staging)."
    rule = next(one for one in found.recommendations if one.rule == "R6")
    assert rule.text == "Put right what scans and other records say against your controls: Encryption at rest."
    assert before.records == []
    assert before.readiness == found.readiness
    assert before.gaps == found.gaps
    assert before.inputs_digest != found.inputs_digest
    assert Snapshot.from_json(found.to_json()) == found


def test_what_is_as_it_should_be_and_what_does_not_apply_is_not_told(period, encryption, manager):
    listed(manager)
    assert analysed(period, manager).records == []
    listed(manager, "builds,volume,staging,no,none,,")
    assert len(analysed(period, manager).records) == 1
    waive(period, "encryption-at-rest", actor=manager, reason="We keep no data.")
    assert analysed(period, manager).records == []


def test_page_and_paper_tell_it(client_of, period, encryption, manager):
    listed(manager, "builds,volume,staging,no,none,,")
    run = take_run(period, actor=manager)
    page = client_of(manager).get(run.get_absolute_url()).content.decode()
    assert "What scans and other records say" in page
    assert "Not encrypted at rest: builds (volume, staging)." in page
    assert "Encryption at rest (ENC-1): Not encrypted at rest" in gap_html(snapshot_of(run), "0" * 64)


def test_an_analysis_of_before_they_were_told_is_still_read(period, encryption, manager):
    found = analysed(period, manager)
    content = found.to_json().replace(b'"records":[],', b"").replace(b',"records":[]', b"")
    assert b"records" not in content
    assert Snapshot.from_json(content) == found
