"""Registers out by their pages and in by their actions, for tests that nothing is lost."""

from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from controls.sheets.importing import import_rows, preview, receive
from controls.sheets.planning import Plan
from controls.sheets.register import Register
from evidence.models import StoredFile
from tests.cast import signed_in

FORMS = ("csv", "xlsx")


def taken_out(member: Member, page: str, kind: str) -> bytes:
    """The whole register by its page."""
    answer = signed_in(member).get(f"{page}export/{kind}/")
    assert answer.status_code == 200, answer.content
    parts: Iterator[bytes] = answer.streaming_content  # type: ignore[attr-defined] # a file is streamed
    return b"".join(parts)


def brought(register: Register, actor: Member, data: bytes, name: str = "list.csv") -> tuple[StoredFile, Plan]:
    """A file as its preview page has it."""
    stored = receive(register, actor=actor, upload=SimpleUploadedFile(name, data))
    return stored, preview(register, stored)


def taken_in(register: Register, actor: Member, data: bytes, name: str = "list.csv") -> Plan:
    """A file with nothing wrong, imported."""
    stored, plan = brought(register, actor, data, name)
    assert [(one.number, one.errors) for one in plan.wrong] == []
    return import_rows(register, stored, actor=actor, stamp=plan.stamp())


def as_it_was(register: Register, actor: Member, data: bytes, name: str = "list.csv") -> None:
    """What went out changes nothing where it came from."""
    _, plan = brought(register, actor, data, name)
    assert ([(one.number, one.errors) for one in plan.wrong], plan.new, plan.changes) == ([], [], [])
    assert plan.same


def written(register: Register, *, without: tuple[str, ...] = ()) -> list[list[str]]:
    """Every cell of every row, in the order of the file."""
    return [[cell.write(one) for cell in register.cells if cell.name not in without] for one in register.each()]
