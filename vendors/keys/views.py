"""The register of API keys and its pages. Whoever opens the page of a key is noted: it says where the key is kept."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from audit.exports import RecordsExports
from controls.sheets.screens import SheetList
from ui.screens import Column, DetailScreen, Empty, Filter, ListScreen
from vendors.keys import actions, forms
from vendors.keys.sheet import REGISTER
from vendors.models import Vendor, VendorKey
from vendors.register.views import LIST, AboutVendor
from vendors.rights import EVERYBODY, READ, WRITE, may_rotate
from workflow.once import OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

KEYS = ("API keys", "vendors:key-list")


def keys_of(member: Any) -> QuerySet[VendorKey]:
    """The keys that a member sees: every one, or those that are with them or of a vendor in their care."""
    rows = VendorKey.objects.select_related("vendor", "owner")
    return rows if member.can(READ) else rows.filter(Q(owner__member_id=member.id) | Q(vendor__in=list(member.entrusted)))


class KeyList(SheetList, RecordsExports, ListScreen):
    """API keys of vendors, and when each is to be rotated. The keys themselves are not here."""

    permission = EVERYBODY
    register = REGISTER
    title = "API keys"
    lede = "Which keys of vendors there are, whose they are, and by when each is rotated. The keys themselves are never here."
    noun = "keys"
    noun_one = "key"
    breadcrumbs = (LIST,)
    columns = (
        Column("name", "Key", sort="name", link=True, wide=True),
        Column("vendor.name", "Vendor", sort="vendor__name"),
        Column("used_for", "Used for", hide_below=1300),
        Column("owner.name", "With", sort="owner__name", hide_below=1000),
        Column("rotated_on", "Last rotated", sort="rotated_on", hide_below=1000),
        Column("due_on", "Rotate by", sort="due_on", template="vendors/cells/rotate.html", text=lambda one: one.due_on),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display(), hide_below=1300),
    )
    default_order = ("status", "due_on")
    search_fields = ("name", "vendor__name", "used_for")
    search_hint = "Key, vendor or what it is used for"
    empty = Empty(
        "No API keys yet",
        "Note them on the page of their vendor: what each is called, where it is kept and whose it is, never the key.",
        action=("Vendors", "vendors:list"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """Those that this member sees."""
        return keys_of(self.request.member)

    def get_filters(self) -> Sequence[Filter]:
        """Overdue depends on the organization's day."""
        late = Q(status="active", due_on__lt=self.request.organization.today())
        return (
            Filter("state", "State", choices=VendorKey.Status.choices, lookup="status"),
            Filter("due", "Rotation", choices=[("late", "Overdue")], where={"late": late}),
        )


class KeyDetail(DetailScreen):
    """One key: where it is kept, whose it is, when it was rotated. Opening it is noted."""

    permission = EVERYBODY
    template_name = "vendors/key_detail.html"
    breadcrumbs = (LIST, KEYS)
    object: VendorKey

    def get_queryset(self) -> QuerySet[Any]:
        """Those that this member sees."""
        return keys_of(self.request.member)

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        """The key; who looked is in the trail."""
        key: Any = super().get_object(queryset)
        actions.look(key, actor=self.request.member)
        return key

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What this member may do."""
        key, member = self.object, self.request.member
        active = key.status == VendorKey.Status.ACTIVE
        may = {"may_write": active and member.can(WRITE, key.care_key), "may_rotate": active and may_rotate(member, key)}
        return super().get_context_data(active=active, **may, **kwargs)


class KeyCreate(AboutVendor):
    """Note an API key of a vendor."""

    form_class = forms.NewKeyForm
    verb = "New API key of"
    submit_label = "Note the key"
    explain = "What it is called and where it is kept. The key itself is refused here, wherever it is typed."
    success_message = "The key is noted."

    def get_initial(self) -> dict[str, Any]:
        """Made today."""
        return {"rotated_on": self.request.organization.today(), "every_days": 90}

    def act(self, form: forms.NewKeyForm) -> Vendor:
        """Note it; the page of the vendor shows it."""
        actions.note_key(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class _AboutKey(TransitionScreen, OnceScreen, abstract=True):
    permission = WRITE
    model = VendorKey
    object: VendorKey
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """Those that this member sees."""
        return keys_of(self.request.member)

    def refuse_over(self) -> None:
        """Nothing is refused by the state alone: the action says."""

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (LIST, KEYS, (self.object.name, self.object.get_absolute_url()))


class KeyEdit(_AboutKey):
    """Change what is known of a key."""

    form_class = forms.KeyForm
    verb = "Change"
    success_message = "The key was changed."

    def load(self) -> None:
        """The form says where the key is kept: who opens it is in the trail. A program has read the key before."""
        super().load()
        if self.request.method == "GET":
            actions.look(self.object, actor=self.request.member)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With what it has."""
        return {**super().get_form_kwargs(), "key": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in actions.FACTS}

    def act(self, form: forms.KeyForm) -> VendorKey:
        """Change it."""
        return actions.edit_key(self.object, actor=self.request.member, **form.cleaned_data)


class KeyRotate(_AboutKey):
    """Say that a key was rotated."""

    permission = EVERYBODY
    form_class = forms.RotateForm
    verb = "Rotated:"
    submit_label = "Note the rotation"
    success_message = "The rotation is noted."

    def allowed(self) -> bool:
        """Whoever keeps the register, and whoever it is with."""
        return may_rotate(self.request.member, self.object)

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"rotated_on": self.request.organization.today()}

    def act(self, form: forms.RotateForm) -> VendorKey:
        """Note it."""
        return actions.rotate_key(self.object, actor=self.request.member, **form.cleaned_data)


class KeyRetire(_AboutKey):
    """Say that a key is revoked."""

    transition = VendorKey.RETIRE
    form_class = OnceReasonForm
    verb = "Revoked:"
    submit_label = "It is revoked"
    success_message = "The key is revoked."

    def act(self, form: OnceReasonForm) -> VendorKey:
        """Revoke it."""
        return actions.retire_key(self.object, actor=self.request.member, **form.cleaned_data)
