"""The access log: what of the trail tells who came, what they took, wrote or looked at, and what was refused, with from where."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from audit.codes import CODES
from audit.hiding import part_seen_by
from audit.models import AuditEvent
from audit.people import who_filter
from audit.queries import verbs_and_actors
from audit.sentences import about, actor, did
from audit.values import shown_data
from audit.views import EventList, days_within
from ui.browsers import browser_of
from ui.components import Badge, Tone
from ui.screens import Column, Empty, Filter
from ui.values import at

DENIED = ("access.deny", "token.refuse")
READ = ("access.read",)
TAKEN = tuple(code for code in CODES if code.endswith((".export", ".download")))
SIGN_IN = tuple(code for code in CODES if code.startswith(("session.", "factor.")) or code == "password.change")
REFUSED = ("request.refuse",)
_OTHERS = (*DENIED, *READ, *TAKEN, *SIGN_IN, *REFUSED)
_KINDS = (
    ("sign_in", "Sign-in", SIGN_IN),
    ("read", "Administrative read", READ),
    ("export", "Taken away", TAKEN),
    ("denied", "Denied", DENIED),
    ("refused", "Refused write", REFUSED),
)
WRITE = ("write", "Write")
_TONES: dict[str, Tone] = {"Denied": "bad", "Refused write": "warn"}
KIND_OF = {code: label for _, label, codes in _KINDS for code in codes}


def kind_of(event: AuditEvent) -> str:
    """What kind of access an event tells of, in words."""
    return KIND_OF.get(event.verb, WRITE[1])


def _kind(event: AuditEvent) -> Badge:
    return Badge(kind_of(event), _TONES.get(kind_of(event), "muted"))


def origin_of(event: AuditEvent) -> dict[str, str]:
    """From where: address, browser or program, the beginning of a token, and the path of what was asked for, where it is kept."""
    body = shown_data(event)
    who, noted = body["actor"], body["metadata"] or {}
    return {
        "ip": who["ip"],
        "user_agent": who["user_agent"],
        "token": who.get("token", ""),
        "path": str(noted.get("path", "")),
    }


def program_of(user_agent: str) -> str:
    """`Firefox on Linux`; what is no browser as it calls itself."""
    return browser_of(user_agent) if user_agent.startswith("Mozilla/") else user_agent


class AccessLog(EventList):
    """Who came here, what they took away, wrote or looked at, and what was refused."""

    title = "Access log"
    lede = (
        "Every sign-in and every try, every write, what was taken away, every look at administrative pages, and every denial,"
        " with the address and the browser. It is part of the trail."
    )
    noun = "entries"
    noun_one = "entry"
    columns = (
        Column("at", "When", sort="at", link=True, value=lambda event: at(event.at), text=lambda event: event.at),
        Column("actor", "Who", value=actor),
        Column("kind", "Access", value=_kind, text=kind_of),
        Column("deed", "Did", value=did),
        Column("object_name", "What", value=lambda event: origin_of(event)["path"] or about(event)),
        Column("ip", "Address", value=lambda event: origin_of(event)["ip"], whole=True),
        Column(
            "user_agent",
            "Browser or program",
            value=lambda event: program_of(origin_of(event)["user_agent"]),
            text=lambda event: origin_of(event)["user_agent"],
            hide_below=1300,
        ),
        Column("token", "Token", value=lambda event: origin_of(event)["token"], hide_below=1600),
        Column("result", "Result", value=lambda event: event.result, hide_below=1600),
    )
    empty = Empty("Nobody has been here yet", "Whoever signs in, writes or takes something away stands here.")

    def get_queryset(self) -> QuerySet[Any]:
        """What people and programs did; of strangers what was refused. What the product does by itself is no access."""
        return super().get_queryset().filter(Q(actor_id__isnull=False) | Q(verb__in=_OTHERS))

    def _build_filters(self) -> Iterable[Filter]:
        _, actors = verbs_and_actors(part_seen_by(self.request.member))
        where = {key: Q(verb__in=codes) for key, _, codes in _KINDS} | {WRITE[0]: ~Q(verb__in=_OTHERS)}
        choices = [*((key, label) for key, label, _ in _KINDS), WRITE]
        yield Filter("kind", "Access", choices=choices, where=where)
        yield Filter("result", "Result", choices=[("success", "Done"), ("failure", "Refused or failed")])
        yield who_filter(actors)
        yield from days_within(self.request.organization)
