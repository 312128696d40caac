"""A worker process of its own does what the screens ask of it: an import and a report."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from accounts.models import Member
from evidence.files import open_file
from evidence.models import Evidence
from inventory.models import Entitlement, Snapshot
from inventory.snapshots import actions
from inventory.snapshots.recognising import table_headers
from reviews.deciding.actions import decide_many
from reviews.deciding.rules import KEEP
from reviews.models import Item
from reviews.signoff.actions import sign_off
from tenancy.scope import tenant
from tests.cast import Cast
from tests.inventory.snapshots.helpers import ADA, BEN, MAPPING, csv, draft, make_system
from tests.reviews.world import grant, person, person_of, snapshot, started, system
from tests.workers import worker
from workflow.models import Job

pytestmark = [pytest.mark.integration, pytest.mark.slow]
PATIENCE = 60  # seconds


@pytest.fixture
def at_work(committed_db: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    """A worker on this test's database."""
    with worker(settings, tmp_path / "data"):
        yield


def wait_for(member: Member, is_done: Callable[[], Any]) -> Any:
    """What `is_done` gives once it is true, asked in a scope of its own each time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with tenant(member.organization):
            if found := is_done():
                return found
        time.sleep(0.2)
    with tenant(member.organization):
        raise AssertionError(list(Job.objects.values_list("title", "status", "message")))


def test_a_worker_reads_and_imports_a_file(at_work: None) -> None:
    manager = Cast().manager
    with tenant(manager.organization):
        made = draft(make_system(manager), manager, csv(ADA, BEN), stated_count=2)
        headers, _ = table_headers(made.files.get().file)
        actions.set_mapping(made, mapping=MAPPING, headers=headers, actor=manager)
    wait_for(manager, Snapshot.objects.filter(status="ready").exists)
    with tenant(manager.organization):
        assert Snapshot.objects.get().rows_accepted == 2
        actions.start_import(Snapshot.objects.get(), accept_errors=False, actor=manager)
    wait_for(manager, Snapshot.objects.filter(status="imported", complete=True).exists)
    with tenant(manager.organization):
        assert set(Entitlement.objects.values_list("role", flat=True)) == {"Admin", "Viewer"}
    wait_for(manager, lambda: not Job.objects.exclude(status="done").exists())
    with tenant(Cast().of("globex", "manager").organization):
        assert not Snapshot.objects.exists()


def test_a_worker_makes_the_report(at_work: None, tmp_path: Path) -> None:
    cast = Cast()
    manager, reviewer = cast.manager, cast.reviewer
    with tenant(manager.organization):
        okta = system(owner=person_of(reviewer), reviewer_order=["system_owner"])
        snapshot(okta, [grant(person("Anna Alba")), grant(person("Ben Bruno"))])
        campaign = started(okta, actor=manager)
        decide_many(Item.objects.all(), KEEP, campaign=campaign, actor=reviewer)
        sign_off(campaign, actor=manager, note="Signed in a test.")
    report = wait_for(manager, Evidence.objects.filter(file__name__endswith=".pdf").select_related("file").first)
    with tenant(manager.organization), open_file(report.file) as file:
        text = "".join(page.extract_text() for page in PdfReader(file).pages)
    for words in (campaign.reference, "Anna Alba", "Ben Bruno", "Signed in a test."):
        assert words in text
