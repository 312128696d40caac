"""Where topics belong, and the labels that popular articles get wrong: the tables behind controls.labels."""

import re
from dataclasses import dataclass

from controls.criteria import in_order


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject people write about: the words that name it, where it belongs, and where else it may stand."""

    name: str
    words: re.Pattern[str]
    primary: tuple[str, ...]
    also: tuple[str, ...]
    unless: re.Pattern[str] | None

    def named_in(self, words: str) -> bool:
        """Whether these words, in lower case, speak of the topic."""
        return bool(self.words.search(words)) and not (self.unless and self.unless.search(words))


@dataclass(frozen=True, slots=True)
class Mislabel:
    """A subject that is often put under these ids, all of them real, and the criteria it belongs to.

    `adds`: the ids are right and something is missing beside them.
    """

    name: str
    ids: frozenset[str]
    words: re.Pattern[str]
    belongs: tuple[str, ...]
    unless: re.Pattern[str] | None
    adds: bool

    def fits(self, ids: set[str], words: str) -> bool:
        """Whether a label with these ids and these words, in lower case, makes this mistake."""
        wrong = ids & self.ids if self.adds else ids & self.ids - set(self.belongs)
        return bool(wrong and self.words.search(words)) and not (self.unless and self.unless.search(words))


def span(first: str, last: str) -> tuple[str, ...]:
    """Criteria of one family from the first to the last, both included: span("CC7.1", "CC7.3")."""
    family, start = first.split(".")
    return in_order(f"{family}.{number}" for number in range(int(start), int(last.split(".")[1]) + 1))


def _ids(text: str) -> tuple[str, ...]:
    """ "CC3.1-CC3.4 CC9.1" as criteria."""
    found: list[str] = []
    for word in text.split():
        first, _, last = word.partition("-")
        found += span(first, last or first)
    return in_order(found)


def _topic(name: str, words: str, primary: str, also: str = "", *, unless: str = "") -> Topic:
    return Topic(name, re.compile(words), _ids(primary), _ids(also), re.compile(unless) if unless else None)


def _mislabel(name: str, ids: str, words: str, belongs: str, *, unless: str = "", adds: bool = False) -> Mislabel:
    return Mislabel(name, frozenset(_ids(ids)), re.compile(words), _ids(belongs), re.compile(unless) if unless else None, adds)


_CHANGE = r"\bchange[- ](management|control|approval|process|request)"

TOPICS: tuple[Topic, ...] = (
    _topic("MFA", r"\bmfa\b|\b2fa\b|(multi|two|2|second)[- ]?(factor|step)\b", "CC6.1", "CC6.6"),
    _topic("Access by role and least privilege", r"\brbac\b|role[- ]based|least[- ]privilege", "CC6.3", "CC6.1"),
    _topic("The access review", r"\baccess (re-?)?(review|certif)|recertif|entitlement review", "CC6.2 CC6.3", "CC4.1"),
    _topic(
        "Deprovisioning", r"\bde-?provision|\boff-?board|\bleavers?\b|access removal", "CC6.2 CC6.3", "CC6.1", unless=r"\bvendor"
    ),
    _topic("Encryption in transit", r"\bin[- ]transit\b|\btls\b|\bssl\b|\bhttps\b", "CC6.7", "CC6.1"),
    _topic("Encryption at rest", r"\bat[- ]rest\b|\bkey (management|rotation)|\bkms\b", "CC6.1", "CC6.7 C1.1"),
    _topic(
        "Encryption",
        r"encrypt|cryptograph",
        "CC6.1 CC6.7",
        "C1.1",
        unless=r"\bin[- ]transit\b|\bat[- ]rest\b|\btls\b",
    ),
    _topic("Network segmentation", r"\bsegmentation|\bvlans?\b|network (isolation|separation)", "CC6.1", "CC6.6"),
    _topic("Vulnerability scanning", r"\bvulnerabilit(y|ies)\b", "CC7.1", "CC3.2"),
    _topic(
        "Monitoring",
        r"\bmonitoring\b|\balert(s|ing)\b",
        "CC7.2",
        "CC7.1 CC7.3 A1.1",
        unless=r"\bcontrol|vendor|supplier|third|complian|privacy|backup|complaint|processing|risk",
    ),
    _topic("Incident response", r"\bincident (response|management|handling)\b", "CC7.4", "CC7.3 CC7.5 CC2.2 CC2.3 P6.3 P6.6"),
    _topic("Change management", _CHANGE, "CC8.1", "CC3.4"),
    _topic("Vendor management", r"\bvendor|\bsupplier|\bthird[- ]part(y|ies)\b", "CC9.2", "CC2.3 P6.4 P6.5 P6.1"),
    _topic("Backup", r"\bback-?ups?\b", "A1.2", "CC7.5 A1.3"),
    _topic("Disaster recovery", r"\bdisaster\b|\brecovery (plan|test)", "A1.2 A1.3", "CC7.5 CC9.1"),
    _topic("Capacity planning", r"\bcapacity\b|\bload test", "A1.1"),
    _topic("The risk assessment", r"\brisk (assessment|analysis|register)", "CC3.1-CC3.4", "CC9.1 CC5.1", unless=r"vendor|fraud"),
    _topic("The set of policies", r"^(the |(information )?security )?policies( and procedures)?$", "CC5.3", "CC1.1 CC2.2"),
    _topic("Security training", r"\b(security|awareness) training\b|\bsecurity awareness\b", "CC1.4 CC2.2"),
    _topic("Retention and disposal", r"\bretention\b|\bdisposal\b", "C1.1 C1.2", "CC6.5 P4.2 P4.3", unless=r"\blogs?\b|logging"),
    _topic("Data classification", r"\bclassif", "C1.1", "CC6.1", unless=r"incident|event|severity"),
    _topic("Error detection", r"\berror (detection|handling|correction)", "PI1.3", "PI1.2 PI1.4"),
    _topic("Segregation of duties", r"\b(segregation|separation) of dut", "CC5.1 CC6.3", "CC8.1"),
    _topic(
        "Malware and endpoint protection",
        r"\bmalware\b|\banti-?virus\b|\bendpoint (protection|security)|\bedr\b",
        "CC6.8",
        "CC6.7",
    ),
    _topic(
        "Monitoring of controls", r"\bcontrols? (monitoring|testing)\b|\bmonitoring of controls\b|\binternal audit", "CC4.1 CC4.2"
    ),
    _topic("Background checks", r"\bbackground (check|screen)", "CC1.4"),
    _topic("The code of conduct", r"\bcode of (conduct|ethics)\b", "CC1.1", "CC1.5"),
    _topic("Board oversight", r"\bboard (oversight|meeting|of directors)", "CC1.2"),
    _topic("The organization chart", r"\borgani[sz]ation(al)? (chart|structure)\b|\borg chart\b", "CC1.3"),
    _topic("Access for joiners", r"\bjoiners?\b|(?<!de-)\bprovisioning\b", "CC6.2"),
    _topic("The asset inventory", r"\basset (inventory|register)\b", "CC6.1"),
    _topic("The penetration test", r"\bpen(etration)?[- ]?test", "CC4.1 CC7.1"),
    _topic("Patching", r"\bpatch(es|ing)?\b", "CC7.1 CC8.1"),
    _topic("Logging", r"\blogging\b|\baudit logs?\b", "CC7.2"),
    _topic("Production data in test", r"\b(production|live|real) data in (test|dev|non)", "CC8.1 C1.1"),
    _topic("Business continuity", r"\bbusiness continuity\b|\bbcp\b", "CC9.1", "A1.2 A1.3"),
    _topic("Fraud risk", r"\bfraud\b", "CC3.3"),
)

# The first that fits counts; the more particular stands before the more general.
MISLABELS: tuple[Mislabel, ...] = (
    _mislabel("Change and patch management", "CC7.1-CC7.5", r"\bchange\b.*\bpatch|\bpatch.*\bchange\b", "CC7.1 CC8.1"),
    _mislabel("Change management", "CC7.1-CC7.5", _CHANGE, "CC8.1", unless=r"\bpatch|monitor|detect"),
    _mislabel("MFA", "CC6.2", r"\bmfa\b|\b2fa\b|(multi|two|2|second)[- ]?(factor|step)\b", "CC6.1"),
    _mislabel("Encryption", "CC6.6", r"encrypt", "CC6.1 CC6.7"),
    _mislabel("Network segmentation", "CC6.4-CC6.7", r"\bsegmentation\b", "CC6.1 CC6.6"),
    _mislabel(
        "Performance monitoring", "A1.1", r"\bperformance monitoring\b|\bmonitor\w* (of )?performance\b", "A1.1 CC7.2", adds=True
    ),
    _mislabel("Monitoring", "A1.2", r"\bmonitoring\b", "CC7.2 A1.1", unless=r"back-?up|recover|environment"),
    _mislabel("Capacity", "A1.2", r"\bcapacity\b", "A1.1"),
    _mislabel("Incident management", "A1.3", r"\bincident", "CC7.3-CC7.5"),
    _mislabel("Input validation", "PI1.1", r"\binput (validation|control|check)|\bvalidat\w+ of input", "PI1.2"),
    _mislabel("Monitoring of processing", "PI1.2", r"\bmonitoring\b", "PI1.3"),
    _mislabel("Change control", "PI1.3", _CHANGE, "CC8.1"),
    _mislabel("Error detection", "PI1.4", r"\berror (detection|handling|correction)", "PI1.3"),
    _mislabel("Encryption", "C1.2", r"encrypt", "CC6.1 CC6.7"),
    _mislabel("The privacy notice", "P3.1-P3.2", r"\bnotices?\b", "P1.1", unless=r"collect|consent"),
    _mislabel("Consent", "P4.1-P4.3", r"\bconsent\b", "P2.1 P3.2"),
    _mislabel("Collection", "P5.1", r"\bcollection\b", "P3.1"),
    _mislabel("Retention", "P5.2", r"\bretention\b", "P4.2 P4.3"),
    _mislabel("Access and correction", "P6.1-P6.2", r"\baccess\b|\bcorrection", "P5.1 P5.2", unless=r"disclos"),
    _mislabel("Disclosure to third parties", "P7.1", r"\bthird[- ]part(y|ies)\b|\bvendors?\b", "P6.1 P6.4 CC9.2"),
)

# Ids that do not exist, and what those who write them mean when they give no other words.
INVENTED: dict[str, tuple[str, ...]] = {"C1.3": ("CC6.1", "CC6.3")}
