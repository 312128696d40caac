"""Screens of one scope."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from ui.refusals import ActionRefused
from ui.screens import DetailScreen, FormScreen, ScreenRequest, screen
from vulnerabilities.models import PENDING, Scan, ScanScope, Severity, TlsResult, Vulnerability
from vulnerabilities.reading.resources import Verdict, counts_of, kept_resources
from vulnerabilities.rights import READ, WRITE
from vulnerabilities.scopes import actions, forms
from vulnerabilities.scopes.listing import last_badge, with_last
from workflow.once import OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

LIST = ("What is scanned", "vulnerabilities:scope-list")
SHOWN = 20


class ScopeDetail(DetailScreen):
    """One scope: its scans, what is open in it, and when it is scanned next."""

    permission = READ
    template_name = "vulnerabilities/scope_detail.html"
    breadcrumbs = (LIST,)
    object: Any

    def get_queryset(self) -> QuerySet[Any]:
        """With system, owner, who added it, and what its last scan came to."""
        found: QuerySet[Any] = with_last(ScanScope.objects.select_related("system", "owner", "made_by__user"))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its scans, and what is open by severity."""
        scope, member = self.object, self.request.member
        scans = list(Scan.objects.filter(scope=scope).select_related("imported_by__user").defer("resources")[:SHOWN])
        counts = Vulnerability.objects.filter(scope=scope).aggregate(
            **{severity: Count("pk", filter=Q(severity=severity, status__in=PENDING)) for severity in Severity.values},
            accepted=Count("pk", filter=Q(status="accepted")),
            fixed=Count("pk", filter=Q(status="fixed")),
        )
        today = self.request.organization.today()
        kept = next((one for one in scans if one.status == Scan.Status.KEPT), None)
        resources = kept_resources(kept.resources) if kept and scope.is_storage else []
        last = TlsResult.objects.filter(scan__scope=scope).select_related("scan").order_by("-scan__ran_at").first()
        return super().get_context_data(
            scans=scans,
            state=last_badge(scope) if scope.status == ScanScope.Status.ACTIVE else scope.status_badge,
            is_known=scope.last_at is not None,
            last=kept,
            resources=[one for one in resources if one.verdict != Verdict.MEETS][:SHOWN],
            resource_counts=counts_of(resources),
            tls=last if scope.is_endpoint else None,
            key=str(scope.pk),
            severities=[(value, label, counts[value]) for value, label in Severity.choices],
            accepted=counts["accepted"],
            fixed=counts["fixed"],
            is_late=scope.status == ScanScope.Status.ACTIVE and scope.next_due_on < today,
            may_write=member.can(WRITE),
            **kwargs,
        )


class ScopeCreate(OnceScreen):
    """Add a scope whose scans are imported."""

    permission = WRITE
    form_class: Any = forms.ScopeForm
    title = "Add a scope"
    breadcrumbs = (LIST,)
    submit_label = "Add it"
    success_message = "The scope was added. Import its first scan."

    def act(self, form: Any) -> ScanScope:
        """Add it."""
        return actions.create_scope(actor=self.request.member, **form.facts())


class EndpointCreate(ScopeCreate):
    """Add an endpoint whose TLS Plumbline checks by itself."""

    form_class = forms.EndpointForm
    title = "Add a TLS endpoint"
    explain = "Plumbline connects to it by itself, sees protocol and certificate, and keeps what it saw."
    success_message = "The endpoint was added. It is checked within a few minutes, or at once by “Check now”."


class _AboutScope(FormScreen, abstract=True):
    permission = WRITE
    model = ScanScope
    object: ScanScope
    verb = ""

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the scope."""
        return (LIST, (self.object.name, self.object.get_absolute_url()))


class ScopeEdit(_AboutScope, OnceScreen):
    """Change what is said of a scope."""

    verb = "Change"
    form_class = forms.ScopeEditForm
    success_message = "The scope was changed."

    def get_form_class(self) -> Any:
        """Of an endpoint, only what is not its address."""
        return forms.EndpointEditForm if self.object.is_endpoint else self.form_class

    def get_form_kwargs(self) -> dict[str, Any]:
        """With what it has."""
        return {**super().get_form_kwargs(), "scope": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        names = ("name", "target", "every_days", "system", "owner")
        return {name: getattr(self.object, name) for name in names}

    def act(self, form: Any) -> ScanScope:
        """Change it."""
        return actions.edit_scope(self.object, actor=self.request.member, **form.facts())


class ScopeRetire(TransitionScreen, _AboutScope, OnceScreen):
    """Scan it no more."""

    transition = ScanScope.RETIRE
    form_class = OnceReasonForm
    verb = "Retire"
    submit_label = "Retire it"
    explain = (
        "It is scanned no more. What is open in it stays open: no scan has seen that it is gone. Accept what is left by name."
    )
    success_message = "It is retired."

    def act(self, form: OnceReasonForm) -> ScanScope:
        """Retire it."""
        actions.retire_scope(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


@screen(WRITE, methods=["POST"])
def restore(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Scan it again."""
    scope = get_object_or_404(ScanScope, pk=pk)
    if scope.status != ScanScope.Status.RETIRED:
        raise ActionRefused(f"{scope} is scanned already.")
    actions.restore_scope(scope, actor=request.member)
    messages.success(request, "It is scanned again.")
    return redirect(scope)
