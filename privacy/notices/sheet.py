"""Privacy notices as a table, one row for each version: out, and in again without loss."""

import hashlib
from typing import Any

from django.db.models import QuerySet

from audit.actors import Actor
from audit.record import record
from controls.catalogue.drafts import one_line
from controls.sheets import cells as columns
from controls.sheets.history import HistoryRegister, Known, kept
from controls.sheets.register import Cell, Draft, Line
from privacy.models import InUse, Notice, NoticeVersion
from privacy.rights import READ, WRITE
from tenancy.scope import now

Status = NoticeVersion.Status
CHANGED = "The notices have changed since this preview was made. Look at the new one below, then import it."
SAMPLE = """Notice,For whom,Where it is shown,Version,What is new,The text,State,In force from
Website,Visitors of the website,company.example/privacy,1,,We keep what you type into the form for a year.,Published,2025-03-01
Website,Visitors of the website,company.example/privacy,2,Newsletter,We also send what you asked for.,Published,2026-01-15
"""
_NOTICE = ("audience", "place", "notice_status")


class NoticeRegister(HistoryRegister):
    """What people were told, version by version."""

    key, app, model, verb = "privacy_notices", "privacy", NoticeVersion, "notice_version.bring"
    title = "Privacy notices"
    list_url, import_url, preview_url = "privacy:notice-list", "privacy:notice-import", "privacy:notice-preview"
    export_url, sample_url = "privacy:notice-export", "privacy:notice-sample"
    read, write = READ, WRITE
    sample, changed = SAMPLE, CHANGED
    noun, keys = "Notice", ("notice",)
    keyless = "The file does not say which notice: it has no column Notice. Look at the sample file."
    same, done = ("notice", "number"), ("written_by", "published_by")
    unsaid = ("notice_status", "written_at", "sha256")
    repeated = ("number", "changed", "in_force_from", "sha256", "status")
    cells = (
        Cell("notice", "Notice", lambda row: row.notice.name, columns.needed, ("name",), required=True, longest=120),
        Cell("audience", "For whom", lambda row: row.notice.audience, columns.needed, ("audience",), required=True, longest=200),
        Cell("place", "Where it is shown", lambda row: row.notice.place, one_line, ("place",), longest=300),
        Cell(
            "notice_status", "State of the notice", lambda row: row.notice.get_status_display(),
            columns.optional(columns.chosen(InUse)),
        ),
        Cell("number", "Version", lambda row: str(row.number), columns.needs(columns.whole(1, 10_000)), required=True),
        columns.line("changed", "What is new", 500),
        columns.words("text", "The text", 60_000, ("text",), required=True),
        columns.choice("status", "State", Status, ("status",)),
        columns.on("in_force_from", "In force from"),
        columns.doer("written_by", "Written by"),
        columns.at("written_at", "Written"),
        columns.doer("published_by", "Published by"),
        columns.at("published_at", "Published"),
        columns.line("sha256", "SHA-256 of the text", 64),
    )  # fmt: skip

    def rows(self) -> QuerySet[NoticeVersion]:
        """By notice, the oldest version first."""
        rows = NoticeVersion.objects.select_related("notice", "written_by__user", "published_by__user")
        return rows.order_by("notice__name", "number")

    def number_of(self, one: NoticeVersion) -> str:
        """They have no number but in their notice."""
        return str(one)

    def more(self) -> dict[str, Any]:
        """Notices by name, as they are and as the file has them."""
        return {"notices": {one.name: one for one in Notice.objects.all()}, "said": {}, "drafts": set(), "days": _days()}

    def facts(self, line: Line, known: Known) -> dict[str, Any]:
        """A version of a notice that is here, or of one that the file brings whole."""
        said = line.said
        facts: dict[str, Any] = {
            name: said[name] for name in ("number", "changed", "text", "status", "in_force_from") if name in said
        }
        self._check_notice(line, known)
        self._check_turn(line, known)
        if said.get("status") == Status.PUBLISHED:
            facts |= self._published(line)
        elif said.get("in_force_from") or said.get("published_at") or said.get("sha256"):
            line.errors.append("State: a draft is in force from no day.")
        facts["written_at"] = said.get("written_at") or now()
        if facts["written_at"] > now():
            line.errors.append("Written: not after now.")
        return facts

    def _check_notice(self, line: Line, known: Known) -> None:
        """Whatever says something of a notice says the same of it."""
        about = {name: line.said.get(name) for name in _NOTICE if line.said.get(name) is not None}
        here = known.more["notices"].get(line.said.get("notice"))
        first = known.more["said"].setdefault(line.said.get("notice"), about)
        if first != about:
            line.errors.append("An earlier row says otherwise of this notice.")
        if here and any(value != getattr(here, name.removeprefix("notice_")) for name, value in about.items()):
            line.errors.append(f"The notice {here} is here and says otherwise. Change it on its page.")

    def _check_turn(self, line: Line, known: Known) -> None:
        """One draft at a time, the last of its notice; a later version is in force from no earlier day."""
        name, number, day = (line.said.get(one) for one in ("notice", "number", "in_force_from"))
        if name is None or number is None:
            return
        before = max((one for one in known.more["days"].get(name, {}) if one < number), default=None)
        after = [one for one in known.more["days"].get(name, {}) if one > number]
        if name in known.more["drafts"] or (after and day is None):
            line.errors.append("Only the last version of a notice is a draft.")
        known_day = known.more["days"].get(name, {}).get(before)
        if after or (known_day and day and day < known_day):
            line.errors.append("A later version comes after an earlier one, and is in force from no earlier day.")
        known.more["days"].setdefault(name, {})[number] = day
        if line.said.get("status") == Status.DRAFT:
            known.more["drafts"].add(name)

    def _published(self, line: Line) -> dict[str, Any]:
        """With the hash that it was published under: the text has to be that, with one kind of line end or the other."""
        said = line.said
        text, expected = str(said.get("text", "")), said.get("sha256", "").lower()
        ways = {hashlib.sha256(one.encode()).hexdigest(): one for one in (text.replace("\n", "\r\n"), text)}
        if expected and expected not in ways:
            line.errors.append("SHA-256 of the text: the text is not the one that was published.")
        if said.get("in_force_from") is None:
            line.errors.append("In force from: is missing.")
        if said.get("published_at") and said["published_at"] > now():
            line.errors.append("Published: not after now.")
        found = expected or hashlib.sha256(text.encode()).hexdigest()
        return {"text": ways.get(found, text), "sha256": found, "published_at": said.get("published_at")}

    def told(self, draft: Draft) -> str:
        """Which version, and from when it holds."""
        day = draft.facts.get("in_force_from")
        return f"Version {draft.facts['number']}, " + (f"in force from {day:%-d %B %Y}" if day else "a draft")

    def bring(self, draft: Draft, actor: Actor) -> NoticeVersion:
        """Its notice where it is not here, and the version."""
        return kept(NoticeVersion(notice=self._notice(draft, actor), **draft.facts, **self.origin(draft, actor)))

    def _notice(self, draft: Draft, actor: Actor) -> Notice:
        said = draft.line.said
        if (here := Notice.objects.filter(name=said["notice"]).first()) is not None:
            return here
        state = said.get("notice_status") or InUse.ACTIVE
        notice = kept(Notice(name=said["notice"], audience=said["audience"], place=said.get("place", ""), status=state))
        after = {"name": notice.name, "audience": notice.audience, "place": notice.place or None, "status": state}
        record("notice.create", notice, actor=actor, after=after)
        return notice


def _days() -> dict[str, dict[int, Any]]:
    """The day from which each version is in force, by notice and number."""
    found: dict[str, dict[int, Any]] = {}
    for name, number, day in NoticeVersion.objects.values_list("notice__name", "number", "in_force_from"):
        found.setdefault(name, {})[number] = day
    return found


REGISTER = NoticeRegister()
