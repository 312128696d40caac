"""API keys as a table: out, and in again without loss. A file in which something looks like a key itself is not kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from audit.actors import Actor
from audit.record import Entry, record, record_many
from controls.catalogue.drafts import one_line
from controls.sheets import cells as columns
from controls.sheets.planning import Roster
from controls.sheets.register import Cell, Draft, Line, Register
from vendors.keys.actions import FACTS, locked_key
from vendors.keys.looks import REFUSAL, is_a_uuid, looks_like_a_key
from vendors.models import QUARTER, Vendor, VendorKey
from vendors.register.actions import locked_one, today
from vendors.rights import READ, WRITE
from workflow.changes import change, shown
from workflow.uniqueness import refusing_taken

Status = VendorKey.Status
CHANGED = "The keys have changed since this preview was made. Look at the new one below, then import it."
SAMPLE = """Vendor,Key,Used for,Where it is kept,With's e-mail,Last rotated,Rotate after days
Northgate Mail,Sending invoices,Invoices and reminders,"Secrets manager, mail/invoices",ada.moreno@company.example,2026-02-10,90
Northgate Mail,Reading bounces,,"Secrets manager, mail/bounces",,2026-03-01,60
"""


@dataclass(slots=True)
class Known:
    """Vendors by name, keys by vendor and name, people; the row of the file that has one."""

    vendors: dict[str, Vendor]
    there: dict[tuple[Any, str], VendorKey]
    people: Roster
    seen: dict[tuple[Any, str], int]


def _about_a_key(text: str) -> str:
    """One line. Raises ValueError for what may be the key itself."""
    if is_a_uuid(text):
        raise ValueError(REFUSAL)
    return one_line(text)


def _needed(text: str) -> str:
    return columns.needed(_about_a_key(text))


class KeyRegister(Register):
    """What is known of keys. The keys themselves are in no table."""

    key = "vendor_keys"
    title = "API keys"
    list_url, import_url, preview_url = "vendors:key-list", "vendors:key-import", "vendors:key-preview"
    export_url, sample_url = "vendors:key-export", "vendors:key-sample"
    read, write = READ, WRITE
    sample, changed = SAMPLE, CHANGED
    careful = "It says where each is kept: whoever takes it out is noted at every key."
    noun, keys, about_people = "Key", ("name", "vendor"), False
    keyless = "The file does not say which key: it has no column Key or Vendor. Look at the sample file."
    cells = (
        Cell("vendor", "Vendor", lambda row: row.vendor.name, columns.needed, ("supplier",), required=True, longest=200),
        Cell("name", "Key", lambda row: row.name, _needed, ("name", "key name"), required=True, longest=120),
        Cell("used_for", "Used for", lambda row: row.used_for, _about_a_key, ("purpose", "what it is used for"), longest=300),
        Cell(
            "kept_in", "Where it is kept", lambda row: row.kept_in, _needed, ("kept in", "location", "vault"), required=True,
            longest=300,
        ),
        *columns.whom("owner", "With", lambda row: row.owner),
        Cell(
            "rotated_on", "Last rotated", lambda row: columns.written_day(row.rotated_on), columns.day, ("rotated", "rotated on"),
            required=True,
        ),
        Cell("every_days", "Rotate after days", lambda row: str(row.every_days), columns.whole(1, QUARTER), ("every days",)),
        Cell("due_on", "Rotate by", lambda row: columns.written_day(row.due_on)),  # follows from the two before it
        Cell("status", "State", lambda row: row.get_status_display(), columns.optional(columns.chosen(Status)), ("status",)),
    )  # fmt: skip

    def refuses(self, text: str) -> str:
        """In no column, known here or not: somebody's list may have one with the keys."""
        return REFUSAL if looks_like_a_key(text) else ""

    def rows(self) -> QuerySet[VendorKey]:
        """By vendor and name."""
        return VendorKey.objects.select_related("vendor", "owner").order_by("vendor__name", "name", "pk")

    def taken(self, actor: Actor) -> None:
        """It says where each is kept, so that each was looked at."""
        kind = VendorKey._meta.label_lower
        looked = [Entry(kind, one.pk, one.name, metadata={"vendor": one.vendor.name}) for one in self.rows()]
        record_many("vendor_key.look", actor=actor, entries=looked)

    def known(self) -> Known:
        """Three queries."""
        vendors = {one_line(one.name).casefold(): one for one in Vendor.objects.all()}
        there = {(one.vendor_id, one_line(one.name).casefold()): one for one in self.rows()}
        return Known(vendors, there, Roster(), {})

    def draft(self, line: Line, person: Any, known: Known) -> Draft | None:
        """With the key of this vendor and name, if there is one."""
        said = line.said
        vendor = known.vendors.get(said["vendor"].casefold())
        if vendor is None:
            line.errors.append(f"Vendor: there is no {said['vendor'][:60]}. Import the vendors first.")
            return None
        key = (vendor.pk, said["name"].casefold())
        if (row := known.seen.setdefault(key, line.number)) != line.number:
            line.errors.append(f"The same key stands in row {row} already.")
        if said["rotated_on"] > today():
            line.errors.append("Last rotated: not after today.")
        facts = self._facts(line, known)
        record = known.there.get(key)
        if record is None:
            self._check_new(line, vendor)
            return None if line.errors else Draft(line, None, {**facts, "vendor": vendor})
        self._check_known(line, record)
        words = [cell.heading for cell in self.cells if cell.name in facts and getattr(record, cell.name) != facts[cell.name]]
        if words and record.status == Status.RETIRED:
            line.errors.append("It is revoked, and the file says otherwise.")
        return None if line.errors else Draft(line, None, facts, record, words)

    def _facts(self, line: Line, known: Known) -> dict[str, Any]:
        """What the row says; an empty cell of the days says nothing."""
        said = line.said
        facts: dict[str, Any] = {
            name: said[name] for name in ("name", "used_for", "kept_in", "rotated_on", "every_days") if name in said
        }
        if facts.get("every_days") is None:
            facts.pop("every_days", None)
        if {"owner", "owner_email", "owner_number"} & set(said):
            facts["owner"] = known.people.said(line, "owner", "With")
        return facts

    def _check_new(self, line: Line, vendor: Vendor) -> None:
        if vendor.is_over and (line.said.get("status") or Status.ACTIVE) == Status.ACTIVE:
            line.errors.append(f"{vendor} is {vendor.get_status_display().lower()}: none of its keys is in use.")

    def _check_known(self, line: Line, record: VendorKey) -> None:
        if (line.said.get("status") or record.status) != record.status:
            line.errors.append(
                f"State: it is {record.get_status_display().lower()} here. Revoke it on its page, or note another."
            )
        if line.said["rotated_on"] < record.rotated_on:
            line.errors.append("Last rotated: it was rotated later than that already.")

    def told(self, draft: Draft) -> str:
        """Whose it is of the vendors, and when it was rotated."""
        words = f"{draft.facts['vendor']}, last rotated {draft.facts['rotated_on']:%-d %B %Y}"
        return f"{words}, revoked" if draft.line.said.get("status") == Status.RETIRED else words

    def insert(self, drafts: Sequence[Draft], actor: Actor) -> None:
        """Each in the state that the file says: one that was revoked elsewhere comes as that."""
        for pk in sorted({one.facts["vendor"].pk for one in drafts}):
            locked_one(Vendor(pk=pk))  # who says that a vendor has left looks at its keys under the same lock
        made = []
        for one in drafts:
            key = VendorKey(**one.facts, status=one.line.said.get("status") or Status.ACTIVE)
            with refusing_taken(VendorKey):
                key.save(force_insert=True)
            made.append(key)
        names = (*FACTS, "rotated_on", "due_on", "status")
        entries = [
            Entry(
                VendorKey._meta.label_lower, key.pk, key.name, after={name: shown(getattr(key, name)) for name in names},
                metadata={"vendor": str(key.vendor)},
            )
            for key in made
        ]  # fmt: skip
        record_many("vendor_key.note", actor=actor, entries=entries)

    def alter(self, draft: Draft, actor: Actor) -> None:
        """What differs: a later rotation is one, the rest is a change of what is known."""
        facts = dict(draft.facts)
        locked, day = locked_key(draft.record), facts.pop("rotated_on")
        change(locked, "vendor_key.edit", actor=actor, fields=facts)
        current = locked_key(draft.record)
        if day > current.rotated_on:
            before = {"rotated_on": current.rotated_on, "due_on": current.due_on}
            current.rotated_on = day
            current.save()
            record(
                "vendor_key.rotate", current, actor=actor, before=before, after={name: getattr(current, name) for name in before}
            )


REGISTER = KeyRegister()
