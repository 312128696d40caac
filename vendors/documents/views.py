"""Screens of documents of vendors."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from audit.exports import RecordsExports
from ui.screens import Column, DetailScreen, Empty, Filter, ListScreen
from vendors.assurance.assuring import expiring, lapsed
from vendors.documents import actions, describing, forms
from vendors.models import DocumentDuty, Vendor, VendorDocument
from vendors.register.listing import SOON
from vendors.register.views import LIST, AboutVendor
from vendors.rights import READ, WRITE
from workflow.once import OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

DOCUMENTS = ("Documents", "vendors:document-list")
EXPIRY = [
    ("expired", "Expired"),
    ("soon", "Within 30 days"),
    ("lapsed", "Expired, and none follows"),
    ("ending", "Within 30 days, and none follows"),
]


class DocumentList(RecordsExports, ListScreen):
    """What vendors have shown us, and until when it holds."""

    permission = READ
    title = "Documents of vendors"
    lede = "Agreements, reports and certificates, with the day on which each is over."
    noun = "documents"
    noun_one = "document"
    breadcrumbs = (LIST,)
    columns = (
        Column("title", "Document", sort="title", link=True, wide=True),
        Column("vendor.name", "Vendor", sort="vendor__name"),
        Column("kind", "Kind", sort="kind", hide_below=700),
        Column("issued_on", "Issued", sort="issued_on", hide_below=1000),
        Column("period_from", "From", sort="period_from", hide_below=1300),
        Column("period_to", "To", sort="period_to", hide_below=1300),
        Column("opinion_badge", "Opinion", text=lambda one: one.get_opinion_display(), hide_below=1300),
        Column(
            "expires_on", "Expires", sort="expires_on", template="vendors/cells/expires.html", text=lambda one: one.expires_on
        ),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display(), hide_below=1300),
    )
    default_order = ("status", "-issued_on")
    search_fields = ("title", "vendor__name", "auditor")
    search_hint = "Title, vendor or auditor"
    empty = Empty(
        "No documents yet",
        "They are added on the page of their vendor: agreements, SOC 2 reports, certificates, insurance.",
        action=("Vendors", "vendors:list"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """With their vendors."""
        return VendorDocument.objects.select_related("vendor")

    def get_filters(self) -> Sequence[Filter]:
        """Expired depends on the organization's day."""
        today, current = self.request.organization.today(), Q(status="current")
        over = {
            "expired": current & Q(expires_on__lt=today),
            "soon": current & Q(expires_on__gte=today, expires_on__lte=today + SOON),
            "lapsed": Q(pk__in=lapsed(today).values("pk")),
            "ending": Q(pk__in=expiring(Q(expires_on__gte=today, expires_on__lte=today + SOON), today).values("pk")),
        }
        return (
            Filter("state", "State", choices=VendorDocument.Status.choices, lookup="status"),
            Filter("kind", "Kind", choices=VendorDocument.Kind.choices),
            Filter("expiry", "Expiry", choices=EXPIRY, where=over),
        )


class DocumentDetail(DetailScreen):
    """One document: its days, and of a report what it expects of us and of others."""

    permission = READ
    model = VendorDocument
    template_name = "vendors/document_detail.html"
    breadcrumbs = (LIST, DOCUMENTS)
    object: VendorDocument

    def get_queryset(self) -> QuerySet[Any]:
        """With its vendor and file."""
        return VendorDocument.objects.select_related("vendor", "evidence", "added_by__user")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it says, and what this member may do."""
        one, member = self.object, self.request.member
        writes = member.can(WRITE, one.care_key) and one.status == VendorDocument.Status.CURRENT
        return super().get_context_data(
            duties=list(one.duties.select_related("control", "owner")),
            subservices=list(one.subservices.all()),
            is_report=one.kind == VendorDocument.Kind.SOC2,
            may_write=writes,
            may_read_evidence=member.can("evidence.read"),
            **kwargs,
        )


class DocumentCreate(AboutVendor):
    """Add a document of a vendor."""

    form_class = forms.NewDocumentForm
    verb = "New document of"
    submit_label = "Add it"
    explain = "It is kept as evidence, as it came."
    success_message = "The document is kept."

    def act(self, form: forms.NewDocumentForm) -> VendorDocument:
        """Keep it, and show it."""
        return actions.add_document(self.object, actor=self.request.member, **form.cleaned_data)


class VendorDescribe(AboutVendor):
    """Put a vendor into the system description, as a subservice organization."""

    permission = "controls.write"
    form_class = forms.DescribeForm
    verb = "Describe"
    submit_label = "Put it into the description"
    explain = "As a subservice organization: what it does and what we expect of it. Its latest SOC 2 report follows by itself."
    success_message = "The system description names it."

    def allowed(self) -> bool:
        """Whoever may read about vendors too."""
        return bool(self.request.member.can(READ))

    def get_initial(self) -> dict[str, Any]:
        """As the description has it."""
        there = describing.described(self.object)
        return {"method": there.method if there else "carve_out", "expected": there.expected if there else ""}

    def act(self, form: forms.DescribeForm) -> Vendor:
        """Describe it."""
        describing.describe(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class AboutDocument(TransitionScreen, OnceScreen, abstract=True):
    """A form that does something once to one document."""

    permission = WRITE
    queryset = VendorDocument.objects.select_related("vendor")
    object: VendorDocument
    verb = ""

    def refuse_over(self) -> None:
        """Nothing is refused by the state alone: the action says."""

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.title}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        vendor: Vendor = self.object.vendor
        return (LIST, (vendor.reference, vendor.get_absolute_url()), (self.object.title, self.object.get_absolute_url()))


class DocumentEdit(AboutDocument):
    """Correct what is written about a document."""

    form_class = forms.DocumentForm
    verb = "Change"
    success_message = "It was changed. The file is as it came."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in actions.FACTS}

    def act(self, form: forms.DocumentForm) -> VendorDocument:
        """Correct it."""
        return actions.edit_document(self.object, actor=self.request.member, **form.cleaned_data)


class DocumentWithdraw(AboutDocument):
    """Say that a document counts no more."""

    transition = VendorDocument.WITHDRAW
    form_class = OnceReasonForm
    verb = "Withdraw"
    submit_label = "Withdraw it"
    tone = "danger"
    explain = (
        "Only where it is wrong: its days are covered no more. One that a later one follows stays. What was written is kept."
    )
    success_message = "It is withdrawn."

    def act(self, form: OnceReasonForm) -> VendorDocument:
        """Withdraw it."""
        return actions.withdraw_document(self.object, actor=self.request.member, **form.cleaned_data)


class DutiesAdd(AboutDocument):
    """Write down what a report expects of us."""

    form_class = forms.DutiesForm
    verb = "Expected of us by"
    submit_label = "Write them down"
    success_message = "They are written down. Map each to a control of ours."

    def act(self, form: forms.DutiesForm) -> VendorDocument:
        """Write them down."""
        actions.add_duties(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class SubserviceAdd(AboutDocument):
    """Write down a subservice organization that a report names."""

    form_class = forms.SubserviceForm
    verb = "Named by"
    submit_label = "Write it down"
    success_message = "It is written down."

    def get_initial(self) -> dict[str, Any]:
        """The usual method."""
        return {"method": "carve_out"}

    def act(self, form: forms.SubserviceForm) -> VendorDocument:
        """Write it down."""
        actions.add_subservice(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class _AboutDuty(TransitionScreen, OnceScreen, abstract=True):
    permission = WRITE
    queryset = DocumentDuty.objects.select_related("document__vendor", "control", "owner")
    object: DocumentDuty
    verb = ""

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.text[:80]}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the document."""
        return (LIST, (self.object.document.title, self.object.document.get_absolute_url()))


class DutyMap(_AboutDuty):
    """Name the control of ours that does what a report expects."""

    transition = DocumentDuty.MAP
    form_class = forms.MapForm
    verb = "Map"
    submit_label = "Map it"
    success_message = "It is mapped."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"control": self.object.control_id, "owner": self.object.owner_id}

    def act(self, form: forms.MapForm) -> VendorDocument:
        """Map it; its document shows it."""
        document: VendorDocument = self.object.document
        actions.map_duty(self.object, actor=self.request.member, **form.cleaned_data)
        return document


class DutySpare(_AboutDuty):
    """Say why something that a report expects is not needed here."""

    transition = DocumentDuty.SPARE
    form_class = OnceReasonForm
    verb = "Not needed:"
    submit_label = "It is not needed"
    success_message = "It is set aside, with the reason."

    def act(self, form: OnceReasonForm) -> VendorDocument:
        """Set it aside."""
        document: VendorDocument = self.object.document
        actions.spare_duty(self.object, actor=self.request.member, **form.cleaned_data)
        return document
