"""Forms about approval rules."""

from typing import Any, ClassVar

from django import forms

from accounts.models.member import holding
from accounts.roles import ROLE_CHOICES, granted
from changes.approving.rules import WORKS, Rule
from changes.models import ApprovalRule, Change, Kind
from inventory.models import Person, System
from workflow.once import OnceForm

_ABLE = [(key, name) for key, name in ROLE_CHOICES if WORKS in granted([key])]  # auditors and viewers change nothing
_ROLES = [("", "Nobody by role"), *_ABLE]


class RuleForm(OnceForm):
    """Which changes need how many approvals, of whom."""

    name = forms.CharField(max_length=120, help_text="Such as Two for production data.")
    kinds = forms.MultipleChoiceField(
        choices=Kind.choices, required=False, widget=forms.CheckboxSelectMultiple, help_text="None chosen: every kind."
    )
    risks = forms.MultipleChoiceField(
        choices=Change.Risk.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: every level. What nobody assessed falls under no rule that asks for a level.",
    )
    systems = forms.ModelMultipleChoiceField(
        System.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, help_text="None chosen: all systems."
    )
    count = forms.IntegerField(label="Approvals needed", min_value=1, max_value=9, initial=1)
    role = forms.ChoiceField(
        label="By somebody with the role",
        choices=_ROLES,
        required=False,
        help_text="Nothing chosen here or below: by anybody who approves changes.",
    )
    by_system_owner = forms.BooleanField(label="By the owner of a system affected", required=False)
    approvers = forms.ModelMultipleChoiceField(
        Person.objects.none(), label="By one of these people", required=False, widget=forms.CheckboxSelectMultiple
    )
    accepts_reviews = forms.BooleanField(label="Reviews of the pull request count", required=False, initial=True)

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The rule", ("name",)),
        ("Which changes fall under it", ("kinds", "risks", "systems")),
        ("Who has to approve them", ("count", "role", "by_system_owner", "approvers", "accepts_reviews")),
    )

    def __init__(self, *args: Any, rule: ApprovalRule | None = None, **kwargs: Any) -> None:
        """Offer systems in use and people with an account, and those that it has."""
        super().__init__(*args, **kwargs)
        systems = System.objects.filter(status=System.Status.ACTIVE)
        people = Person.objects.exclude(status=Person.Status.LEFT).filter(holding(WORKS, "member__"))
        if rule is not None:
            systems |= System.objects.filter(pk__in=rule.systems.values("system"))
            people |= Person.objects.filter(pk__in=rule.approvers.values("person"))
        self.fields["systems"].queryset = systems  # type: ignore[attr-defined]
        self.fields["approvers"].queryset = people  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


def asked(facts: dict[str, Any]) -> Rule:
    """The rule that a form describes, for a look at what would fall under it."""
    return Rule(
        None,
        kinds=frozenset(facts.get("kinds") or ()),
        risks=frozenset(facts.get("risks") or ()),
        systems=frozenset(one.pk for one in facts.get("systems") or ()),
    )
