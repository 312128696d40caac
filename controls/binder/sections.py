"""The nine parts of the description and their sections: what each says, and what of it the product writes itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A section with a text of its own. `generated` names what is written beside the text from the facts."""

    key: str
    part: int
    title: str
    help: str
    generated: str = ""
    required: bool = True


PARTS: dict[int, str] = {
    1: "Services provided",
    2: "Principal service commitments and system requirements",
    3: "Components of the system",
    4: "Incidents in the period",
    5: "Criteria and controls",
    6: "Complementary user-entity controls",
    7: "Subservice organizations",
    8: "Criteria that are not relevant",
    9: "Changes in the period",
}

_ALL = (
    Section("services", 1, "Services provided", "What you do for customers, for whom, and what is left out of this description."),
    Section(
        "commitments",
        2,
        "Principal service commitments and system requirements",
        "What you promise in contracts and in public about security and the other categories in scope, and what follows for the "
        "system.",
    ),
    Section("infrastructure", 3, "Infrastructure", "Where it runs: hosting, regions, networks, offices.", "architecture"),
    Section("software", 3, "Software", "The application and what it stands on; the systems in use are listed below.", "systems"),
    Section("people", 3, "People", "Who runs it, in which roles, and whom they report to."),
    Section("procedures", 3, "Procedures", "How access, change, incidents, backups and vendors are handled.", "integration"),
    Section("data", 3, "Data", "Which data customers give you, how it is classified, kept and deleted.", "data_flow"),
    Section(
        "incidents",
        4,
        "Incidents in the period",
        "Any incident that came from a control that failed, or that kept you from what you promise; say so when there was none.",
        "incidents",
    ),
    Section(
        "criteria",
        5,
        "Criteria and controls",
        "A few words before the table of criteria and controls, if you like.",
        "criteria",
        required=False,
    ),
    Section(
        "user_entity",
        6,
        "Complementary user-entity controls",
        "A few words before the table of what customers have to do themselves.",
        "user_entity",
        required=False,
    ),
    Section(
        "subservice",
        7,
        "Subservice organizations",
        "How you watch them; the table names each with the controls expected of it.",
        "subservice",
    ),
    Section(
        "not_relevant",
        8,
        "Criteria that are not relevant",
        "A few words before the table of criteria left out, with the reasons.",
        "not_relevant",
        required=False,
    ),
    Section(
        "changes",
        9,
        "Changes in the period",
        "What changed that a reader should know: new services, moves, owners. Changes of controls are listed below.",
        "changes",
    ),
)

SECTIONS: dict[str, Section] = {section.key: section for section in _ALL}


def of_part(part: int) -> list[Section]:
    """The sections of a part."""
    return [section for section in _ALL if section.part == part]
