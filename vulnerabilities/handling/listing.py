"""The list of vulnerabilities, with the views that people keep."""

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.db.models import Case, Q, QuerySet, Value, When

from audit.exports import RecordsExports
from ui.refusals import ActionRefused
from ui.screens import Bulk, BulkResult, Column, Empty, Filter, ListScreen
from vulnerabilities.handling.actions import accept, hand_on
from vulnerabilities.handling.forms import AcceptFields, HandOnFields
from vulnerabilities.handling.kept_views import KEPT
from vulnerabilities.models import PENDING, PenetrationTest, ScanScope, Severity, Vulnerability
from vulnerabilities.rights import ACCEPT, EVERYBODY, WRITE, may_see_all, mine, visible_to, within_reach

SOON = dt.timedelta(days=30)
GRAVITY = Case(*(When(severity=value, then=Value(order)) for order, value in enumerate(Severity.values)), default=Value(9))
VIEWS = [
    ("mine", "With me"),
    ("overdue", "Overdue"),
    ("critical", "Critical and high"),
    ("back", "Back again"),
    ("ending", "Acceptance ends soon"),
]


class _OneOf(Filter):
    """One scope or penetration test that the address names: its page links here with it."""

    counted: ClassVar[bool] = False
    model: ClassVar[Any] = ScanScope

    def options(self, screen: Any) -> list[tuple[str, str]]:
        """The one named, if it is there."""
        try:
            key = uuid.UUID(screen.request.GET.get(self.name, ""))
        except ValueError:
            return []
        return [(str(one.pk), str(one)) for one in self.model.objects.filter(pk=key)]


class _OneTest(_OneOf):
    model = PenetrationTest


class VulnerabilityList(RecordsExports, ListScreen):
    """What is weak, how grave it is, and by when it must be fixed."""

    permission = EVERYBODY
    title = "Vulnerabilities"
    noun = "vulnerabilities"
    noun_one = "vulnerability"
    template_name = "vulnerabilities/vulnerability_list.html"
    columns = (
        Column("reference", "Number", sort="reference", link=True, whole=True),
        Column("identifier", "Known as", sort="identifier", whole=True, hide_below=1300),
        Column("title", "What it is", sort="title", wide=True),
        Column("package", "Package", sort="package", hide_below=1500),
        Column("version", "In use", hide_below=1500),
        Column("fixed_in", "Fixed in", hide_below=1500),
        Column("severity_badge", "Severity", sort="severity_order", text=lambda one: one.get_severity_display()),
        Column("source", "Found in", value=lambda one: str(one.scope or one.engagement), hide_below=1300),
        Column("owner.name", "With", sort="owner__name", hide_below=1300),
        Column("first_seen_at", "First seen", sort="first_seen_at", hide_below=1500),
        Column("last_seen_at", "Last seen", sort="last_seen_at", hide_below=1500),
        Column("due_on", "Due", sort="due_on", template="vulnerabilities/cells/due.html", text=lambda one: one.due_on),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display(), hide_below=1000, on_cards=True),
    )
    default_order = ("due_on",)
    search_fields = ("reference", "identifier", "title", "package", "location")
    search_hint = "Number, CVE, package or words"
    bulk_actions = (
        Bulk("hand_on", "Hand on", EVERYBODY, form=HandOnFields),
        Bulk("accept", "Accept by name", ACCEPT, form=AcceptFields),
    )
    primary_action = ("Import a scan", "vulnerabilities:scan-choose", WRITE)
    empty = Empty(
        "No vulnerabilities",
        "They come from scans that are imported, from Plumbline's own TLS checks, and from penetration tests. "
        "Nothing here does not mean that nothing is weak: see when each scope was scanned last.",
        action=("What is scanned", "vulnerabilities:scope-list"),
    )

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What is shown depends on the role."""
        if may_see_all(self.request.member):
            return "What scans and penetration tests have found. It is fixed once a later scan, or a retest, no longer has it."
        return "The vulnerabilities that are with you. Each is fixed once a later scan, or a retest, no longer has it."

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member).annotate(severity_order=GRAVITY)

    def allowed_bulk(self) -> list[Bulk]:
        """Whoever only reads, and has none with them, is offered nothing to hand on."""
        member, offered = self.request.member, super().allowed_bulk()
        if member.can(WRITE) or Vulnerability.objects.filter(within_reach(member)).exists():
            return offered
        return [one for one in offered if one.name != "hand_on"]

    def get_filters(self) -> tuple[Filter, ...]:
        """Overdue depends on the organization's day."""
        today = self.request.organization.today()
        pending = Q(status__in=PENDING)
        states = {"pending": pending, **{value: Q(status=value) for value in Vulnerability.Status.values}}
        due = {"late": pending & Q(due_on__lt=today), "soon": pending & Q(due_on__gte=today)}
        whose = {"me": mine(self.request.member), "nobody": Q(owner=None)}
        sources = {"scan": Q(scope__isnull=False), "test": Q(engagement__isnull=False)}
        return (
            Filter("view", "View", choices=VIEWS, where=self._views(pending, due["late"])),
            Filter("state", "State", choices=[("pending", "All not over"), *Vulnerability.Status.choices], where=states),
            Filter("severity", "Severity", choices=Severity.choices, multiple=True),
            Filter("due", "Due", choices=[("late", "Overdue"), ("soon", "Not yet due")], where=due),
            Filter("whose", "With", choices=[("me", "Me"), ("nobody", "Nobody")], where=whose),
            Filter("source", "Found by", choices=[("scan", "Scan"), ("test", "Penetration test")], where=sources),
            _OneOf("scope", "Scope", choices=(), lookup="scope_id"),
            _OneTest("test", "Penetration test", choices=(), lookup="engagement_id"),
        )

    def _views(self, pending: Q, late: Q) -> dict[str, Q]:
        soon = self.request.organization.today() + SOON
        return {
            "mine": mine(self.request.member) & pending,
            "overdue": late,
            "critical": pending & Q(severity__in=["critical", "high"]),
            "back": pending & Q(times_reopened__gt=0),
            "ending": Q(status="accepted", accepted_until__lte=soon),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the views that this member keeps."""
        return super().get_context_data(own_views=list(KEPT.of(self.request.member)), **kwargs)

    def bulk_hand_on(self, selection: QuerySet[Vulnerability], form: Any) -> BulkResult:
        """Hand each on; whatever cannot be says why."""
        return self._each(selection, hand_on, form.cleaned_data)

    def bulk_accept(self, selection: QuerySet[Vulnerability], form: Any) -> BulkResult:
        """Accept each under one's name."""
        return self._each(selection, accept, form.cleaned_data)

    def _each(self, selection: QuerySet[Vulnerability], act: Any, said: dict[str, Any]) -> BulkResult:
        done, refused = [], {}
        for one in selection:
            try:
                act(one, actor=self.request.member, **said)
            except ActionRefused as refusal:
                refused[one.pk] = refusal.sentence
            else:
                done.append(one.pk)
        return BulkResult(done=done, refused=refused)
