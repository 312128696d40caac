"""The ten questions of the first hour, and what follows from their answers: controls, categories, and the audit period."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from controls.criteria import Category, in_scope
from controls.library import LIBRARY, StarterControl

Answers = Mapping[str, str | Collection[str]]  # the value chosen, or the values where several may be
NOTHING = "none"  # the answer that nothing of what is named applies


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: the controls it adopts, the category it speaks for and why, or the audit it asks for."""

    value: str
    label: str
    adopts: tuple[str, ...] = ()
    category: Category | None = None
    reason: str = ""
    audit: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `multiple` questions take any number of answers; NOTHING is one of them, and goes with no other."""

    key: str
    text: str
    help: str
    choices: tuple[Option, ...]
    multiple: bool = False

    @property
    def options(self) -> list[tuple[str, str]]:
        """Value and label of each answer, as a form wants them."""
        return [(option.value, option.label) for option in self.choices]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the answers suggest. `reasons` has a sentence for each category beyond Security."""

    categories: tuple[Category, ...]
    reasons: Mapping[Category, str]
    period_type: str  # "type_1" or "type_2"
    period_months: int  # 0 for a Type I, which has a day and no length


# What every organization needs, whatever it answers; with these alone each common criterion has a control.
BASE = (
    *("GOV-001", "GOV-002", "GOV-003", "GOV-004", "GOV-005", "GOV-006", "HR-001", "HR-002", "HR-003", "RSK-001", "RSK-002"),
    *("ASR-001", "ASR-002", "AC-001", "AC-002", "AC-003", "AC-004", "AC-005", "AC-006", "AC-007", "AST-001", "AST-002"),
    *("AST-003", "NET-001", "NET-003", "ENC-001", "ENC-002", "MON-001", "MON-002", "MON-003", "MON-004", "VUL-001"),
    *("VUL-002", "VUL-003", "INC-001", "INC-002", "CHG-001", "VEN-001", "VEN-002", "BCP-001", "BCP-002", "BCP-003"),
)

# What a category adds when it is in scope.
BY_CATEGORY: dict[Category, tuple[str, ...]] = {
    Category.SECURITY: (),
    Category.AVAILABILITY: ("AVL-001",),
    Category.CONFIDENTIALITY: ("DAT-001", "DAT-002"),
    Category.PROCESSING_INTEGRITY: ("PI-001", "PI-002", "PI-003", "PI-004"),
    Category.PRIVACY: ("DAT-001", "DAT-002", "PRV-001", "PRV-002", "PRV-003", "PRV-004", "PRV-005", "PRV-006"),
}

_ASKED_FOR = "Customers ask for it."
_DEVELOPMENT = ("AC-008", "NET-004", "CHG-002", "CHG-003", "CHG-004", "CHG-005", "CHG-006")
_IN_PRODUCT = ("AI-001", "AI-002", "AI-003", "AI-004", "AI-005", "AI-006")

QUESTIONS: tuple[Question, ...] = (
    Question(
        "hosting",
        "What does your product run on?",
        "Where customers' data is processed. The websites of your marketing do not count.",
        (
            Option("cloud", "Our account at a cloud provider", ("NET-002", "VUL-004", "MON-005")),
            Option("own", "Servers of our own, at our place or in a data centre", ("NET-002", "PHY-002", "MON-005")),
            Option(NOTHING, "Neither: it runs on the systems of others, as a service"),
        ),
        multiple=True,
    ),
    Question(
        "data",
        "Whose data do you hold?",
        "Think of what would hurt if it became public or were wrong.",
        (
            Option(
                "confidential",
                "Business secrets or personal data that customers entrust to us",
                category=Category.CONFIDENTIALITY,
                reason="Customers entrust you with data that must stay confidential.",
            ),
            Option(
                "individuals",
                "Personal data of people who deal with us directly",
                category=Category.PRIVACY,
                reason="You answer to individuals yourself for their data.",
            ),
            Option(
                "results",
                "Figures that customers rely on, such as invoices, payroll or trades",
                category=Category.PROCESSING_INTEGRITY,
                reason="Customers rely on your results being right.",
            ),
            Option(NOTHING, "None of these"),
        ),
        multiple=True,
    ),
    Question(
        "categories",
        "Which categories do customers ask for, beyond Security?",
        "Look into questionnaires and contracts. A category can be added next year.",
        (
            Option("availability", "Availability", category=Category.AVAILABILITY, reason=_ASKED_FOR),
            Option("confidentiality", "Confidentiality", category=Category.CONFIDENTIALITY, reason=_ASKED_FOR),
            Option("processing_integrity", "Processing integrity", category=Category.PROCESSING_INTEGRITY, reason=_ASKED_FOR),
            Option("privacy", "Privacy", category=Category.PRIVACY, reason=_ASKED_FOR),
            Option(NOTHING, "None of these: nobody asks for more than Security"),
        ),
        multiple=True,
    ),
    Question(
        "uptime",
        "Do you promise customers an uptime?",
        "In a contract or on a page they can point to.",
        (
            Option(
                "promised",
                "Yes, such as 99.9 % a month",
                category=Category.AVAILABILITY,
                reason="You promise an uptime.",
            ),
            Option(NOTHING, "No"),
        ),
    ),
    Question(
        "ai",
        "Where do you use AI?",
        "Language models and the like, your own or from a provider.",
        (
            Option("product", "In the product, and perhaps at work", _IN_PRODUCT),
            Option("work", "At work only: assistants, transcription, code", ("AI-006",)),
            Option(NOTHING, "Nowhere"),
        ),
    ),
    Question(
        "development",
        "Who writes your software?",
        "The software that customers use.",
        (
            Option("own", "Our own people", _DEVELOPMENT),
            Option("outside", "An outside firm or freelancers, alone or with us", (*_DEVELOPMENT, "CHG-007")),
            Option("bought", "Nobody: we configure what we buy"),
        ),
    ),
    Question(
        "places",
        "Where do people work?",
        "Everything that applies.",
        (
            Option("office", "In an office of ours", ("PHY-001",)),
            Option("remote", "At home, on the road or at customers'", ("PHY-003",)),
            Option(NOTHING, "None of these"),
        ),
        multiple=True,
    ),
    Question(
        "people",
        "Who, besides the team that runs it, gets into your systems?",
        "With an account of their own, now or in the coming year.",
        (
            Option("contractors", "Contractors or partners", ("AC-010",)),
            Option("support", "Staff who open customers' data to help them", ("AC-009",)),
            Option(NOTHING, "None of these: only the team that runs them"),
        ),
        multiple=True,
    ),
    Question(
        "on_call",
        "What happens when an alarm goes off at night?",
        "As it is today. A rota can be added when you have one.",
        (
            Option("rota", "Somebody is on call", ("INC-003",)),
            Option("morning", "Somebody sees it in the morning"),
        ),
    ),
    Question(
        "period",
        "Which report do you need first?",
        "A Type I says how controls are designed on one day; a Type II, how they worked for months.",
        (
            Option("type_1", "Type I, as a start", audit=("type_1", 0)),
            Option("3", "Type II over 3 months", audit=("type_2", 3)),
            Option("6", "Type II over 6 months", audit=("type_2", 6)),
            Option("12", "Type II over 12 months", audit=("type_2", 12)),
        ),
    ),
)


def _chosen(question: Question, answer: str | Collection[str]) -> list[Option]:
    values = {answer} if isinstance(answer, str) else set(answer)
    values.discard("")
    unknown = values - {option.value for option in question.choices}
    if unknown:
        raise ValueError(f"{question.key}: no such answer: {', '.join(sorted(unknown))}")
    if len(values) > 1 and not question.multiple:
        raise ValueError(f"{question.key}: one answer only")
    return [option for option in question.choices if option.value in values]


def _options(answers: Answers) -> list[Option]:
    """The options chosen, in the order of the questions. A question left out counts as not answered."""
    unknown = set(answers) - {question.key for question in QUESTIONS}
    if unknown:
        raise ValueError(f"no such question: {', '.join(sorted(unknown))}")
    return [option for question in QUESTIONS for option in _chosen(question, answers.get(question.key, ()))]


def proposal(answers: Answers) -> Proposal:
    """The categories and the audit that the answers suggest; a Type I if nothing is said. ValueError for an unknown answer."""
    reasons: dict[Category, str] = {}
    audit = ("type_1", 0)
    for option in _options(answers):
        if option.category is not None:
            reasons.setdefault(option.category, option.reason)
        audit = option.audit or audit
    categories = tuple(category for category in Category if category is Category.SECURITY or category in reasons)
    return Proposal(categories, {category: reasons[category] for category in categories if category in reasons}, *audit)


def adopted(answers: Answers, categories: Iterable[str] | None = None) -> list[StarterControl]:
    """The controls that fit, in the order of the library: the base, what the answers add, what the categories add.

    `categories` are those the organization decided on; None takes those proposed. A control that answers no criterion
    in scope is left out. The same answers give the same list, in whatever order they come. ValueError for an unknown one.
    """
    scope = proposal(answers).categories if categories is None else tuple(Category(category) for category in categories)
    keys = set(BASE)
    for option in _options(answers):
        keys.update(option.adopts)
    for category in scope:
        keys.update(BY_CATEGORY[category])
    wanted = {criterion.key for criterion in in_scope(scope)}
    return [control for key, control in LIBRARY.items() if key in keys and wanted & control.criteria.keys()]
