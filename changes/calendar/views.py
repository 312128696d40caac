"""Screens of one freeze, and of letting a change through."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from changes.calendar import actions, forms, overriding
from changes.calendar.freezes import PLANNED, held_in
from changes.calendar.listing import CALENDAR, EVERYBODY, systems_of
from changes.models import Change, ChangeFreezeOverride, FreezeSystem, FreezeWindow
from changes.rights import visible_to
from tenancy.scope import now
from ui.refusals import ActionRefused
from ui.screens import DetailScreen, FormScreen
from ui.values import exact
from workflow.once import OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

FREEZES = ("Freezes", "changes:freeze-list")
SHOWN = 100  # changes on the page of a freeze


class FreezeDetail(DetailScreen):
    """One freeze: when, what it holds, which changes are planned in it, and which go all the same."""

    permission = EVERYBODY
    template_name = "changes/freeze_detail.html"
    breadcrumbs = (CALENDAR, FREEZES)
    object: FreezeWindow

    def get_queryset(self) -> QuerySet[Any]:
        """All, with their systems."""
        rows = Prefetch("systems", queryset=FreezeSystem.objects.select_related("system"))
        return FreezeWindow.objects.select_related("set_by__user").prefetch_related(rows)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the changes that this member may see."""
        freeze, member = self.object, self.request.member
        runs, is_past = member.can(actions.RUN), freeze.ends_at <= now()
        active = freeze.status == FreezeWindow.Status.ACTIVE
        held = held_in(freeze).filter(status__in=PLANNED, pk__in=visible_to(member).values("pk"))
        overrides = freeze.overrides.filter(change__in=visible_to(member)).select_related("change", "given_by__user")
        shown = list(held.order_by("window_from", "id")[: SHOWN + 1]) if active else []
        return super().get_context_data(
            badge=freeze.badge_at(now()),
            starts=exact(freeze.starts_at),
            ends=exact(freeze.ends_at),
            systems=systems_of(freeze),
            held=shown[:SHOWN],
            held_more=held.count() - SHOWN if len(shown) > SHOWN else 0,
            overrides=overrides.order_by("-given_at"),
            may_edit=runs and active and not is_past,
            may_restore=runs and not active and not is_past,
            **kwargs,
        )


class FreezeCreate(OnceScreen):
    """Set one."""

    permission = actions.RUN
    form_class = forms.FreezeForm
    title = "Set a freeze"
    breadcrumbs = (CALENDAR, FREEZES)
    submit_label = "Set the freeze"
    explain = "Changes that are planned in it do not go. Those who raised them or carry them out are told by mail."
    success_message = "The freeze is in the calendar."

    def act(self, form: forms.FreezeForm) -> FreezeWindow:
        """Set it."""
        return actions.set_freeze(actor=self.request.member, **form.facts())


class _AboutFreeze(TransitionScreen, abstract=True):
    permission = actions.RUN
    model = FreezeWindow
    object: FreezeWindow
    verb = ""

    def refuse_over(self) -> None:
        """Raise ActionRefused when it is cancelled or over."""
        actions.refuse_over(self.object)

    def get_title(self) -> str:
        """What, and which."""
        return f"{self.verb} {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the freeze."""
        return (CALENDAR, FREEZES, (self.object.name, self.object.get_absolute_url()))


class FreezeEdit(_AboutFreeze, OnceScreen):
    """Change one that is not over."""

    form_class = forms.FreezeForm
    verb = "Change"
    success_message = "The freeze was changed."

    def get_initial(self) -> dict[str, Any]:
        """What it says."""
        freeze = self.object
        said = {name: getattr(freeze, name) for name in actions.WRITTEN}
        return {**said, "systems": list(freeze.systems.values_list("system", flat=True))}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Its own systems are offered, too."""
        return {**super().get_form_kwargs(), "freeze": self.object}

    def act(self, form: forms.FreezeForm) -> FreezeWindow:
        """Change it."""
        return actions.edit_freeze(self.object, actor=self.request.member, **form.facts())


class FreezeCancel(_AboutFreeze, OnceScreen):
    """Take it out of the calendar."""

    transition = FreezeWindow.CANCEL
    form_class = OnceReasonForm
    verb = "Cancel"
    submit_label = "Cancel the freeze"
    tone = "danger"
    explain = "It holds nothing any more. It stays in the list, with the reason."
    success_message = "The freeze is cancelled."

    def act(self, form: OnceReasonForm) -> FreezeWindow:
        """Cancel it."""
        return actions.cancel_freeze(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])


class FreezeRestore(_AboutFreeze, OnceScreen):
    """Put it back."""

    transition = FreezeWindow.RESTORE
    form_class = OnceReasonForm
    verb = "Put back"
    submit_label = "Put it back"
    success_message = "The freeze is in the calendar again."

    def act(self, form: OnceReasonForm) -> FreezeWindow:
        """Put it back."""
        return actions.restore_freeze(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])


class OverrideCreate(OnceScreen):
    """Let a change through a freeze."""

    permission = actions.RUN
    model = Change
    object: Change
    form_class = forms.OverrideForm
    submit_label = "Let it through"
    explain = "It goes through for the window that it has now: who moves the window asks again. The reason stays with the change."
    success_message = "The change goes through the freeze."

    def load(self) -> None:
        """Nobody fills in what they may not send. Raises ActionRefused."""
        super().load()
        self.holding = overriding.holding(self.object)
        if self.request.method != "POST":
            why_not = overriding.why_not_override(self.object, self.request.member)
            if why_not or not self.holding:
                raise ActionRefused(why_not or f"No freeze holds {self.object}, or it was let through already.")

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def get_title(self) -> str:
        """Which."""
        return f"Let {self.object.reference} through a freeze"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the change."""
        return (CALENDAR, (self.object.reference, self.object.get_absolute_url()))

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the freezes that hold it."""
        return {**super().get_form_kwargs(), "holding": self.holding}

    def act(self, form: forms.OverrideForm) -> Change:
        """Let it through."""
        facts = form.cleaned_data
        overriding.override_freeze(self.object, actor=self.request.member, freeze=facts["freeze"], reason=facts["reason"])
        return self.object


class OverrideWithdraw(FormScreen):
    """Let the freeze hold the change again."""

    permission = actions.RUN
    model = ChangeFreezeOverride
    object: ChangeFreezeOverride
    form_class = OnceReasonForm
    submit_label = "Hold it again"
    tone = "danger"
    success_message = "The freeze holds the change again."

    def load(self) -> None:
        """Nothing to do once it is withdrawn. Raises ActionRefused."""
        super().load()
        if self.request.method != "POST":
            ChangeFreezeOverride.WITHDRAW.check(self.object)

    def get_queryset(self) -> QuerySet[Any]:
        """Of changes that this member may see."""
        visible = visible_to(self.request.member).values("pk")
        return ChangeFreezeOverride.objects.filter(change__in=visible).select_related("change", "freeze")

    def get_title(self) -> str:
        """Which."""
        return f"Hold {self.object.change.reference} again"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the change."""
        return (CALENDAR, (self.object.change.reference, self.object.change.get_absolute_url()))

    def act(self, form: OnceReasonForm) -> Change:
        """Hold it."""
        overriding.withdraw_override(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        change: Change = self.object.change
        return change
