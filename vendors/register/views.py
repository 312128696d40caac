"""Screens of one vendor."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from controls.periods.current import period_of
from inventory.models import Person
from ui.screens import DetailScreen
from vendors.assurance.drawing import sentences, timeline
from vendors.assurance.reading import assurance_of
from vendors.documents.describing import described
from vendors.lifecycle.diligence import asked_of
from vendors.models import AT_WORK, Vendor, VendorDocument, VendorKey, VendorQuestionnaire, VendorReview
from vendors.register import actions, forms
from vendors.register.guidance import next_step
from vendors.rights import APPROVE, EVERYBODY, KIND, READ, REQUEST, WRITE, visible_to, why_not_decide
from vendors.tiers import explained
from workflow.delegations.looking import care_context
from workflow.delegations.views import HandOver
from workflow.once import OnceScreen
from workflow.screens import TransitionScreen

LIST = ("Vendors", "vendors:list")
SHOWN = 20


class VendorDetail(DetailScreen):
    """One vendor: what is at stake and why, what is asked of it, what was concluded, and what comes next."""

    permission = EVERYBODY
    template_name = "vendors/vendor_detail.html"
    breadcrumbs = (LIST,)
    object: Vendor

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        people = ("requested_by__user", "decided_by__user", "finding", "access_evidence", "data_evidence")
        return visible_to(self.request.member).select_related(*people)

    def get_title(self) -> str:
        """Number and name."""
        return f"{self.object.reference}: {self.object.name}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts, the next step and what this member may do."""
        one, member = self.object, self.request.member
        tone, sentence = next_step(one, self.request.organization.today())
        reads = member.can(READ, one.pk)
        return super().get_context_data(
            next_tone=tone,
            next_step=sentence,
            steps=explained(one.data_shared, one.criticality, one.access),
            asked=asked_of(one),
            systems=[row.system for row in one.systems.select_related("system").order_by("system__name")],
            reviews=_reviews(one) if reads else [],
            keys=list(VendorKey.objects.filter(vendor=one).select_related("owner")) if reads else [],
            **(self._shown() if reads else {}),
            may_read=reads,
            may_read_evidence=member.can("evidence.read"),
            may_see_finding=member.can("findings.read"),
            **self._rights(),
            **care_context(one, KIND.key, member),
            **kwargs,
        )

    def _shown(self) -> dict[str, Any]:
        """What it has shown and answered, and which days of the audit period its reports cover."""
        documents = list(VendorDocument.objects.filter(vendor=self.object))
        found: dict[str, Any] = {
            "subservice": described(self.object),
            "documents": documents,
            "questionnaires": list(VendorQuestionnaire.objects.filter(vendor=self.object)),
        }
        period = period_of(self.request)
        if period is not None:
            came = assurance_of(documents, period)
            title = f"What the reports of {self.object.name} cover of {period.name}"
            found |= {
                "period": period,
                "line": timeline(came.window, name="assurance", title=title),
                "covers": sentences(came.window),
                "notes": came.notes,
            }
        return found

    def _rights(self) -> dict[str, bool]:
        one, member = self.object, self.request.member
        writes, status = member.can(WRITE, one.pk), Vendor.Status
        leaving = writes and one.status == status.OFFBOARDING
        decides = member.can(APPROVE) and not why_not_decide(member, one)
        reviewed = one.diligence_on is not None
        reviewable = one.status in {status.DUE_DILIGENCE, status.APPROVED, *AT_WORK}
        return {
            "may_edit": writes and one.status != status.LEFT,
            "may_note_key": writes and not one.is_over,
            "may_begin": Vendor.BEGIN.allows(one, member),
            "may_review": writes and reviewable,
            "may_approve": Vendor.APPROVE.allows(one, member) and decides and reviewed,
            "may_confirm": Vendor.CONFIRM.allows(one, member) and decides and reviewed and one.decided_at is None,
            "may_reject": Vendor.REJECT.allows(one, member) and decides,
            "may_use": Vendor.USE.allows(one, member),
            "may_offboard": Vendor.OFFBOARD.allows(one, member),
            "may_keep": Vendor.KEEP.allows(one, member),
            "may_end_access": leaving and one.access_evidence_id is None,
            "may_end_data": leaving and not one.data_outcome,
            "may_describe": one.status in AT_WORK and member.can(READ) and member.can("controls.write"),
            "may_leave": leaving and one.access_evidence_id is not None and bool(one.data_outcome),
            "may_reopen": Vendor.REOPEN.allows(one, member),
        }


def _reviews(one: Vendor) -> list[VendorReview]:
    rows = VendorReview.objects.filter(vendor=one).select_related("reviewed_by__user")
    return list(rows.prefetch_related("controls__control")[:SHOWN])


class VendorCreate(OnceScreen):
    """Ask for a vendor."""

    permission = REQUEST
    form_class = forms.RequestForm
    title = "Request a vendor"
    breadcrumbs = (LIST,)
    submit_label = "Request it"
    explain = "The three answers decide how closely it is looked at. Do not use it before it is approved."
    success_message = "The vendor is requested."

    def get_initial(self) -> dict[str, Any]:
        """Whoever asks usually answers for it."""
        return {"owner": Person.objects.filter(member_id=self.request.member.pk).first()}

    def act(self, form: forms.RequestForm) -> Vendor:
        """Ask for it."""
        return actions.request_vendor(actor=self.request.member, **form.facts())


class AboutVendor(TransitionScreen, OnceScreen, abstract=True):
    """A form that does something once to one vendor."""

    permission = WRITE
    model = Vendor
    object: Vendor
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def refuse_over(self) -> None:
        """Nothing is refused by the state alone."""

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))


class VendorEdit(AboutVendor):
    """Change what is known of a vendor."""

    form_class = forms.VendorForm
    verb = "Change"
    explain = "A graver answer takes back due diligence and approval before use; in use it makes the next review due at once."
    success_message = "The vendor was changed."

    def get_form_kwargs(self) -> dict[str, Any]:
        """With what it has."""
        return {**super().get_form_kwargs(), "vendor": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        facts = {name: getattr(self.object, name) for name in actions.FACTS}
        return {**facts, "systems": [row.system_id for row in self.object.systems.all()]}

    def act(self, form: forms.VendorForm) -> Vendor:
        """Change it."""
        return actions.edit_vendor(self.object, actor=self.request.member, **form.facts())


class VendorHandOver(HandOver):
    """Put a vendor into somebody's care until a day."""

    kind = KIND.key
    model = Vendor
    object: Vendor

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))
