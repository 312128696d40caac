"""The register as a list, with the views that people keep."""

import datetime as dt
import re
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from audit.exports import RecordsExports
from risks.models import Category, Level, Risk, RiskScale, Treatment
from risks.register import words
from risks.register.actions import edit_risk
from risks.register.forms import AcceptFields, OwnerFields
from risks.register.kept_views import KEPT
from risks.register.treating import accept
from risks.rights import APPROVE, EVERYBODY, WRITE, may_see_all, mine, visible_to
from risks.scales.standing import scale_in_force
from ui.refusals import ActionRefused
from ui.screens import Bulk, BulkResult, Column, Empty, Filter, ListScreen

SOON = dt.timedelta(days=30)
PENDING = ~Q(status=Risk.Status.CLOSED)
VIEWS = [
    ("mine", "With me"),
    ("overdue", "Review overdue"),
    ("grave", "High and critical"),
    ("unrated", "To be rated"),
    ("untreated", "Without treatment"),
    ("to_accept", "Waits for acceptance"),
    ("ending", "Acceptance ends soon"),
]
_PLACE = re.compile(r"([1-9])-([1-9])")


class _Place(Filter):
    """A place of the heat map that the address names, on the scale in force: its page links here with it."""

    counted: ClassVar[bool] = False


class RiskList(RecordsExports, ListScreen):
    """What could happen, the gravest first."""

    permission = EVERYBODY
    title = "Risks"
    noun = "risks"
    noun_one = "risk"
    template_name = "risks/risk_list.html"
    columns = (
        Column("reference", "Number", sort="reference", link=True, whole=True),
        Column("statement", "What could happen", sort="statement", wide=True),
        Column("category", "Category", sort="category", hide_below=1000),
        Column(
            "inherent", "Without controls", sort="inherent_score", hide_below=1300,
            value=lambda one: one.inherent and one.inherent.badge, text=lambda one: one.inherent.words if one.inherent else "",
        ),
        Column(
            "residual", "With controls", sort="residual_score", on_cards=True,
            value=lambda one: one.residual.badge if one.residual else "Not rated",
            text=lambda one: one.residual.words if one.residual else "",
        ),
        Column(
            "target", "Target", hide_below=1500,
            value=lambda one: one.target and one.target.badge, text=lambda one: one.target.words if one.target else "",
        ),
        Column("owner.name", "With", sort="owner__name", hide_below=1000),
        Column("treatment", "Treatment", sort="treatment", hide_below=1300),
        Column(
            "next_review_on", "Next review", sort="next_review_on", template="risks/cells/review.html",
            text=lambda one: one.next_review_on,
        ),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display(), hide_below=1000, on_cards=True),
    )  # fmt: skip
    default_order = ("-residual_score",)
    search_hint = "Number, words or person"
    bulk_actions = (
        Bulk("hand_on", "Hand on", WRITE, form=OwnerFields),
        Bulk("accept", "Accept by name", APPROVE, form=AcceptFields),
    )
    primary_action = ("New risk", "risks:create", WRITE)
    empty = Empty(
        "No risks yet",
        "Write down what could keep you from what you have promised, at least one risk of fraud and one of a vendor among them.",
        ("New risk", "risks:create"),
        ("Sample file", "risks:sample"),
    )

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What is shown depends on the role."""
        if may_see_all(self.request.member):
            return "What could happen, how likely and how bad it is, and what is done about it."
        return "The risks that are with you, and those of which you have a task."

    @cached_property
    def scale(self) -> RiskScale:
        """In force; asked once for all filters."""
        return scale_in_force()

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the beginnings of words."""
        return words.having(queryset, text)

    def get_filters(self) -> tuple[Filter, ...]:
        """Overdue depends on the organization's day, the words of the levels on its scale."""
        today, scale = self.request.organization.today(), self.scale
        states = {"pending": PENDING, **{value: Q(status=value) for value in Risk.Status.values}}
        levels = [(key, scale.level_word(key)) for key in Level.values]
        graded = {**{key: Q(residual_level=key) for key in Level.values}, "none": Q(residual_score=0)}
        treated = {**{key: Q(treatment=key) for key in Treatment.values}, "none": Q(treatment="")}
        review = {"late": PENDING & Q(next_review_on__lt=today), "soon": PENDING & Q(next_review_on__range=(today, today + SOON))}
        return (
            Filter("view", "View", choices=VIEWS, where=self._views(today)),
            Filter("state", "State", choices=[("pending", "All not closed"), *Risk.Status.choices], where=states),
            Filter("level", "With controls", choices=[*levels, ("none", "Not rated")], where=graded, multiple=True),
            Filter("category", "Category", choices=Category.choices),
            Filter("treatment", "Treatment", choices=[*Treatment.choices, ("none", "Not chosen")], where=treated),
            Filter("review", "Review", choices=[("late", "Overdue"), ("soon", "Within 30 days")], where=review),
            Filter("whose", "With", choices=[("me", "Me")], where={"me": mine(self.request.member)}),
            self._place("inherent", "Without controls", scale),
            self._place("residual", "With controls", scale),
            self._place("target", "Target", scale),
        )

    def _place(self, kind: str, label: str, scale: RiskScale) -> Filter:
        """The place named, if it is on the scale: rated so, on a scale that means the same."""
        asked = self.request.GET.get(kind, "")
        steps = [int(one) for one in found.groups()] if (found := _PLACE.fullmatch(asked)) else [0, 0]
        rated = scale.rated(*steps)
        if not (rated.likelihood_word and rated.impact_word):
            return _Place(kind, label, choices=())
        where = Q(**{f"{kind}_likelihood": steps[0], f"{kind}_impact": steps[1], "scale__generation": scale.generation})
        return _Place(kind, label, choices=[(asked, f"{rated.likelihood_word}, {rated.impact_word}")], where={asked: where})

    def _views(self, today: dt.date) -> dict[str, Q]:
        is_open = Q(status=Risk.Status.OPEN)
        return {
            "mine": mine(self.request.member) & PENDING,
            "overdue": PENDING & Q(next_review_on__lt=today),
            "grave": PENDING & Q(residual_level__in=["high", "critical"]),
            "unrated": PENDING & Q(residual_score=0),
            "untreated": is_open & Q(residual_score__gt=0, treatment=""),
            "to_accept": is_open & Q(treatment=Treatment.ACCEPT),
            "ending": Q(status=Risk.Status.ACCEPTED, accepted_until__lte=today + SOON),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the views that this member keeps, unless only rows are asked for."""
        member = self.request.member
        own = [] if kwargs.get("fragment") else list(KEPT.of(member))
        return super().get_context_data(own_views=own, may_read=may_see_all(member), may_import=member.can(WRITE), **kwargs)

    def bulk_hand_on(self, selection: QuerySet[Risk], form: Any) -> BulkResult:
        """Hand each on; whatever cannot be says why."""
        return self._each(selection, edit_risk, form.cleaned_data)

    def bulk_accept(self, selection: QuerySet[Risk], form: Any) -> BulkResult:
        """Accept each under one's name."""
        return self._each(selection, accept, form.cleaned_data)

    def _each(self, selection: QuerySet[Risk], act: Any, said: dict[str, Any]) -> BulkResult:
        done, refused = [], {}
        for one in selection:
            try:
                act(one, actor=self.request.member, **said)
            except ActionRefused as refusal:
                refused[one.pk] = refusal.sentence
            else:
                done.append(one.pk)
        return BulkResult(done=done, refused=refused)
