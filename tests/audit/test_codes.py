"""The catalogue of event codes is whole: it has every code of the product's source, and no other."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command

from audit import codebook
from audit.codes import CODES, NONE, TABLE, stray
from audit.deeds import FAILED, SPECIAL
from audit.models import AuditEvent
from audit.record import record, record_failure
from controls.criteria import CRITERIA
from controls.sheets.register import Register
from evidence.rereading import VERBS
from privacy.registers.tables import REGISTERS
from tests import codes
from tests.codes import StrayCode
from tests.test_house import sources

# What records or moves, and what does it for others.
RECORDERS = {"record", "record_many", "record_failure", "Transition"}
HELPERS = {"change", "edit", "fail_for_person", "insert", "keep", "record_for_person", "_tell"}
SHAPE = re.compile(r"[a-z_]+\.[a-z_]+")
WORDS = {"audit/deeds.py", "audit/sentences.py"}  # they speak of codes, and record none


def recorded() -> Iterator[tuple[str, str]]:
    """Each code that is given literally to what records or moves, with its place."""
    for name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (called := _called(node)) in RECORDERS | HELPERS:
                places = 1 if called in RECORDERS else 2
                given = [*node.args[:places], *(one.value for one in node.keywords if one.arg == "verb")]
                yield from ((one, f"{name}:{node.lineno}") for said in given for one in _literals(said))


def mentioned() -> set[str]:
    """All codes that the source says somewhere, and those that it puts together."""
    said = {one for name, tree in sources() if name not in WORDS for one in _literals(tree)}
    files = {f"{what}.{verb}" for what in ("file", "evidence") for verb in VERBS.values()}
    sheets = {f"{register.key}.{verb}" for register in _registers(Register) for verb in ("receive", "import")}
    tables = {f"{register.verb}.{verb}" for register in REGISTERS.values() for verb in ("create", "edit")}
    rows = ("user_entity_control", "subservice_organization", "system_flow")
    binder = {f"{row}.{verb}" for row in rows for verb in ("create", "edit")}
    samples = {"sample.draw_again", "sample.choose_again"}
    return said | files | sheets | tables | binder | samples


def _registers(base: type[Register]) -> Iterator[type[Register]]:
    """Those that have a key, below those that do not."""
    for one in base.__subclasses__():
        yield from [one] if hasattr(one, "key") else _registers(one)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _literals(node: ast.AST) -> Iterator[str]:
    found = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))
    return (one for one in found if SHAPE.fullmatch(one))


def test_whatever_the_source_records_is_in_the_catalogue():
    assert {f"{code} ({place})" for code, place in recorded() if code not in CODES} == set()
    assert {*SPECIAL, *FAILED} <= set(CODES)


def test_nothing_is_in_the_catalogue_that_no_code_mentions():
    assert set(CODES) - mentioned() == set()


def test_it_is_in_order_and_says_each_code_once():
    listed = [line.partition(",")[0] for line in TABLE.read_text().splitlines()[1:]]
    assert listed == sorted(set(listed)) == list(CODES)


def test_each_says_what_it_means_of_what_and_for_which_criteria():
    known = {model._meta.label_lower for model in apps.get_models()} | {NONE}
    longest = AuditEvent._meta.get_field("verb").max_length or 0
    for code in CODES.values():
        assert SHAPE.fullmatch(code.code), code
        assert len(code.code) <= longest, code
        assert re.fullmatch(r"[A-Z][^|]{15,130}\.", code.meaning), code
        assert code.resources, code
        assert set(code.resources) <= known, code
        assert code.criteria, code
        assert set(code.criteria) <= set(CRITERIA), code


def test_the_page_is_what_the_catalogue_says(tmp_path, monkeypatch, capsys):
    call_command("event_codes", "--check")
    monkeypatch.setattr(codebook, "PLACE", tmp_path / "events.md")
    text = codebook.as_markdown()
    assert all(f"| `{code}` |" in text for code in CODES)
    assert all(len(line) <= 130 for line in text.splitlines() if not line.startswith("|"))


def test_a_stray_event_fails_the_test_that_made_it(in_acme, acme, manager):
    with pytest.raises(StrayCode, match=r"organization.paint is no event code"):
        record("organization.paint", acme, actor=manager)
    with pytest.raises(StrayCode, match=r"recorded about tenancy.organization, but audit/codes.csv has changes.change"):
        record("change.submit", acme, actor=manager)
    with pytest.raises(StrayCode, match="recorded about none"):
        record_failure("change.submit", organization=acme, actor=manager)
    assert stray("access.deny", "") == ""


def test_what_no_process_has_seen_is_named(tmp_path, monkeypatch, administrator, client_of):
    monkeypatch.setenv(codes.FOLDER, str(tmp_path / "seen"))
    monkeypatch.setattr(codes, "_seen", set())
    assert codes.missing(tmp_path / "seen") == list(CODES)
    client_of(administrator).post("/o/acme/organization/", {"name": "Acme Ltd", "zone": "Asia/Tokyo"})
    codes.keep()
    assert sorted(set(CODES) - set(codes.missing(tmp_path / "seen"))) == ["organization.edit"]


def test_what_a_test_records_itself_does_not_count(in_acme, acme, manager, monkeypatch):
    monkeypatch.setattr(codes, "_seen", set())
    record("organization.edit", acme, actor=manager)
    record("test.note", acme, actor=manager)
    assert codes._seen == set()
