"""Forms about roles: giving them, making them, and answering for conflicts of duty."""

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html

from accounts.factors import FIELD_NAME, FactorFormMixin
from accounts.giving import ADMINISTER, RUN, Answer, Unanswered
from accounts.limits import AREA_CHOICES, periods
from accounts.matrix import GrantsField, ShutBoxes
from accounts.models import CustomRole, Member
from accounts.roles import FOR_PROGRAMS, ROLES, SAID_FOR_OTHERS, Role
from ui.forms import DateInput

NOT_HELD = "You do not hold all of it yourself, so you cannot give it."


def _described(role: Role | CustomRole) -> tuple[str, str]:
    template = '<span><strong>{}</strong> <span class="muted">{}</span></span>'
    return role.key, format_html(template, role.name, role.description)


class RolesInput(ShutBoxes):
    """A box for each role."""

    why = NOT_HELD


class RolesField(forms.MultipleChoiceField):
    """The roles as check boxes, each with what it may do.

    `offer` adds the organization's own, leaves out what a person or a program never has, and shuts what somebody may not give.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[_described(role) for role in ROLES.values()], widget=RolesInput, **kwargs)

    def offer(self, member: Member, kept: Collection[str] = (), *, is_service: bool = False) -> None:
        """For somebody who gives roles; what the other person or program has already, `kept`, may stay."""
        every: list[Role | CustomRole] = [*ROLES.values(), *CustomRole.objects.filter(status="active").order_by("name")]
        offered = [role for role in every if _is_for(role, is_service=is_service)]
        self.choices = [_described(role) for role in offered]
        beyond = {role.key for role in offered if role.rights - SAID_FOR_OTHERS - member.permissions}
        self.widget.shut = beyond - set(kept)


def _is_for(role: Role | CustomRole, *, is_service: bool) -> bool:
    return not role.rights & {ADMINISTER, RUN} if is_service else role.key not in FOR_PROGRAMS


class AnswerMixin(forms.Form):
    """Why a conflict of duty is accepted, and until when: asked for once there is one, and not before."""

    reason = forms.CharField(
        label="Why it is accepted",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as what somebody else looks at instead.",
    )
    ends_on = forms.DateField(
        label="Accepted until",
        required=False,
        widget=DateInput(),
        help_text="A year at most. After that day it waits for somebody again.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave the two out until they are asked for, or answered."""
        super().__init__(*args, **kwargs)
        kept = {name: self.fields.pop(name) for name in ("reason", "ends_on")}
        self._lacking = {} if any(self.data.get(self.add_prefix(name)) for name in kept) else kept
        if not self._lacking:
            self.fields.update(kept)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Act, and ask for the two where a conflict of duty comes about without them."""
        try:
            yield
        except Unanswered:
            for name, field in self._lacking.items():
                field.required = True
                self.fields[name] = field
            raise

    def clean(self) -> dict[str, Any] | None:
        """Both or none."""
        cleaned = super().clean() or self.cleaned_data
        reason, ends_on = cleaned.pop("reason", ""), cleaned.pop("ends_on", None)
        if bool(reason) != bool(ends_on) and not self.errors.keys() & {"reason", "ends_on"}:
            lacking = "ends_on" if reason else "reason"
            self.add_error(lacking, "Say both: why it is accepted, and until when.")
        cleaned["answer"] = Answer(reason, ends_on) if reason and ends_on else None
        return cleaned


class AccessEndField(forms.DateField):
    """The last day on which somebody may enter; empty for those who stay."""

    def __init__(self) -> None:
        super().__init__(
            label="Access ends on",
            required=False,
            widget=DateInput(),
            help_text="The last day, for somebody who comes for a while, such as an external auditor. Empty: no end.",
        )


def _periods() -> list[tuple[str, str]]:
    return [("", "Every period"), *((str(key), period.name) for key, period in periods().items())]


class PeriodField(forms.TypedChoiceField):
    """The audit period that an auditor is limited to."""

    def __init__(self) -> None:
        super().__init__(
            label="Audit period",
            required=False,
            choices=_periods,
            coerce=uuid.UUID,
            empty_value=None,
            help_text="For an auditor: records with a date outside of it are not shown to them.",
        )


class AreasField(forms.MultipleChoiceField):
    """The areas that an auditor is limited to."""

    def __init__(self) -> None:
        super().__init__(
            label="Areas",
            required=False,
            choices=AREA_CHOICES,
            widget=forms.CheckboxSelectMultiple,
            help_text="For an auditor: they see these, and their request list. With none ticked they see every area.",
        )


_ANSWER = ("The conflict of duty", ("reason", "ends_on"))
_LIMITS = ("What an auditor is limited to", ("audit_period", "areas"))


class InviteForm(FactorFormMixin):
    """Whom to invite, as what."""

    email = forms.EmailField(label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label="Name", max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    roles = RolesField(label="Roles")
    access_ends_on = AccessEndField()
    audit_period = PeriodField()
    areas = AreasField()

    fieldsets: ClassVar = (_LIMITS,)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what this person may give."""
        super().__init__(*args, **kwargs)
        self.fields["roles"].offer(self.factor_request.member)  # type: ignore[attr-defined]


class AccessForm(AnswerMixin, FactorFormMixin):
    """Which roles a member has, and until when."""

    roles = RolesField(label="Roles")
    access_ends_on = AccessEndField()
    audit_period = PeriodField()
    areas = AreasField()

    fieldsets: ClassVar = (_LIMITS, _ANSWER)
    field_order = ("roles", "access_ends_on", "audit_period", "areas", "reason", "ends_on", FIELD_NAME)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what this person may give, and what the other has."""
        super().__init__(*args, **kwargs)
        kept, is_service = self.initial.get("roles", ()), self.initial.get("is_service", False)
        self.fields["roles"].offer(self.factor_request.member, kept, is_service=is_service)  # type: ignore[attr-defined]


class RoleForm(AnswerMixin, FactorFormMixin):
    """What a role is called, what it is for, and what it allows."""

    name = forms.CharField(max_length=60)
    description = forms.CharField(
        label="What it is for", max_length=300, widget=forms.Textarea(attrs={"rows": 2}), help_text="Read by whoever gives it."
    )
    grants = GrantsField(
        label="What it allows", help_text="Writing includes reading. What you do not hold yourself cannot be chosen."
    )

    fieldsets: ClassVar = (_ANSWER,)
    field_order = ("name", "description", "grants", "reason", "ends_on", FIELD_NAME)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open what this person holds, and what the role has."""
        super().__init__(*args, **kwargs)
        held: Member = self.factor_request.member  # type: ignore[attr-defined]
        self.fields["grants"].offer({*(held.permissions - SAID_FOR_OTHERS), *self.initial.get("kept", ())})  # type: ignore[attr-defined]


class AcceptForm(FactorFormMixin):
    """Which conflicts are accepted, why, and until when."""

    duties = forms.MultipleChoiceField(label="What is accepted", widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as what somebody else looks at instead, and how often.",
    )
    ends_on = forms.DateField(
        label="Until", widget=DateInput(), help_text="A year at most. After that day it waits for somebody again."
    )

    def __init__(self, *args: Any, conflicts: Collection[Any], **kwargs: Any) -> None:
        """Offer the conflicts there are."""
        super().__init__(*args, **kwargs)
        template = '<span><strong>{}</strong> <span class="muted">{}</span></span>'
        found = [(one.key, format_html(template, one.name, one.sentence)) for one in conflicts]
        self.fields["duties"].choices = found  # type: ignore[attr-defined]
        self.fields["duties"].initial = [key for key, _ in found]
