"""The part of everything that vulnerabilities hold: a scan, what it found, an endpoint that was checked, a penetration test."""

import datetime as dt
import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from audit.actors import System as Product
from inventory.models import System
from tenancy.scope import now
from vulnerabilities.endpoints.tasks import keep_check
from vulnerabilities.handling.kept_views import KEPT
from vulnerabilities.models import Scan, ScanScope, TlsResult
from vulnerabilities.penetration.actions import add_finding, plan_test, report_test
from vulnerabilities.reading.report import Report
from vulnerabilities.scanning.importing import receive, report_of
from vulnerabilities.scanning.keeping import keep_scan
from vulnerabilities.scanning.stated import Stated
from vulnerabilities.scanning.withdrawing import withdraw_scan
from vulnerabilities.scopes.actions import create_scope
from vulnerabilities.settings import choose_settings
from workflow.kept_views import keep_view

HASH = "0" * 64


def make_vulnerabilities(manager: Member, word: str) -> None:
    """Fill vulnerabilities; call within the organization's scope, after its systems exist."""
    console = System.objects.filter(name__startswith=word)[0]
    scope = create_scope(actor=manager, name=word, tool="pip_audit", target=word, system=console)
    found: Any = {"name": word, "version": "1", "vulns": [{"id": f"CVE-{word}", "fix_versions": [], "aliases": []}]}
    upload = SimpleUploadedFile(f"{word}.json", json.dumps({"dependencies": [found]}).encode())
    stored = receive(scope, actor=manager, upload=upload)
    keep_scan(scope, report_of(stored, scope), stored, stated=Stated(), actor=manager)
    _withdrawn(manager, scope, word)
    _check(manager, word)
    _list(manager, word)
    _test(manager, word)
    days = {"days_critical": 7, "days_high": 30, "days_medium": 90, "days_low": 180}
    choose_settings(actor=manager, **days, certificate_days=30, acceptance_days=365)
    keep_view(KEPT, actor=manager, name=word, query="state=pending")


def _withdrawn(manager: Member, scope: ScanScope, word: str) -> None:
    """A scan of something else, imported here by mistake, and what it alone had."""
    other: Any = {"name": f"{word}-other", "version": "1", "vulns": [{"id": f"CVE-{word}-2", "fix_versions": [], "aliases": []}]}
    upload = SimpleUploadedFile(f"{word}-2.json", json.dumps({"dependencies": [other]}).encode())
    stored = receive(scope, actor=manager, upload=upload)
    wrong = keep_scan(scope, report_of(stored, scope), stored, stated=Stated(), actor=manager)
    withdraw_scan(wrong, actor=manager, reason=word)


def _check(manager: Member, word: str) -> None:
    """An endpoint that could not be reached, and what one showed."""
    endpoint = create_scope(actor=manager, name=f"{word} endpoint", tool="tls", host=f"{word.lower()}.example", port=443)
    keep_check(endpoint, now(), None, word, actor=Product("test"))
    shown = TlsResult(
        address="192.0.2.1", protocol="TLSv1.3", cipher=word, accepts_old=False, subject=word, names=[word], issuer=word,
        not_before=now(), not_after=now() + dt.timedelta(days=90), serial="1", key=word, sha256=HASH, trusted=True,
    )  # fmt: skip
    stored = Scan.objects.filter(scope=endpoint)[0].file
    keep_scan(endpoint, Report(tool_name=word), stored, stated=Stated(), actor=manager, tls=shown)


def _list(manager: Member, word: str) -> None:
    """What holds data, and one of it that is not encrypted."""
    scope = create_scope(actor=manager, name=f"{word} storage", tool="storage", target=word)
    rows = f"Resource,Kind,Environment,Encrypted at rest\n{word},volume,staging,no\n"
    stored = receive(scope, actor=manager, upload=SimpleUploadedFile(f"{word}-storage.csv", rows.encode()))
    keep_scan(scope, report_of(stored, scope), stored, stated=Stated(source=word), actor=manager)


def _test(manager: Member, word: str) -> None:
    today = manager.organization.today()
    test = plan_test(actor=manager, title=word, firm=word, scope=word, starts_on=today, ends_on=today)
    report_test(test, actor=manager, file=SimpleUploadedFile(f"{word}.pdf", f"%PDF-1.4 {word}".encode()), reported_on=today)
    add_finding(test, actor=manager, title=word, severity="medium")
