"""Understanding of criterion labels as people write them: formats, ranges, ids that do not exist, ids that mean another."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from controls.criteria import CRITERIA, FAMILIES, in_order
from controls.topics import INVENTED, MISLABELS, TOPICS, Topic

MOST_CHARACTERS = 4000  # of a label that are read; a cell of a spreadsheet holds more than any label needs
FEW_WORDS = 6  # a label names its topic in so many words; a sentence may touch several

_ID = r"(?P<prefix>cc|pp|pi|a|c|p)(?P<gap>[ _-]?)0?(?P<family>[1-9][0-9]?)\.0?(?P<number>[0-9]{1,2})(?:\.[0-9]{1,3})*"
_TOKEN = re.compile(
    rf"(?<![a-z0-9.]){_ID}(?![a-z0-9])"
    r"|(?<![a-z0-9.])(?P<bare_family>[1-9])\.(?P<bare_number>[1-9])(?![a-z0-9.])"
    r"|(?<=[/-])(?P<last>[1-9])(?=\s*(?:[,;/)\n]|$))",
    re.IGNORECASE,
)
_FAMILY = re.compile(r"(cc|pp|pi|a|c|p) ?([1-9])(?:\.[x*])?", re.IGNORECASE)
_RANGE = re.compile(r"[ \t]*(?:-|to|through|thru|until)[ \t]*", re.IGNORECASE)
_JOINED = re.compile(r"[ \t]*(?:,|/|&|\+|and|or|, ?and)?[ \t]*", re.IGNORECASE)
_BREAK = re.compile(r"[;\n|]")
_FILLER = re.compile(
    r"\b(soc ?2|tsc|tsp|aicpa|trust services|common criteria|criteria|criterion|controls? id|ref|see|and|or|to)\b", re.IGNORECASE
)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))


@dataclass(frozen=True, slots=True)
class Understood:
    """What a label means.

    `criteria` can be stored as they are: ids as written, ids that do not exist corrected. `notice` has a sentence for
    everything that is not exactly as written, or "". `offered`, if any, are the criteria that were probably meant, in
    place of `criteria`: somebody has to accept them. `certain`: nothing is offered and nothing was left unread.
    """

    criteria: tuple[str, ...]
    notice: str
    certain: bool
    offered: tuple[str, ...] = ()


@dataclass(slots=True)
class _Group:
    """Ids that stand together, and the words that go with them."""

    start: int
    end: int
    keys: list[str] = field(default_factory=list)  # that exist
    missing: list[str] = field(default_factory=list)  # that do not
    notices: list[str] = field(default_factory=list)
    words: str = ""
    own_words: bool = True  # written beside the ids, not taken from the context
    sure: bool = True
    offered: set[str] = field(default_factory=set)

    def add(self, written: str) -> None:
        key = _renamed(written)
        if key not in CRITERIA:
            self.missing.append(written)
            return
        if key != written:
            self.notices.append(f"{written} does not exist; processing integrity is PI: taken as {key}.")
        self.keys.append(key)

    def add_range(self, first: str, last: str) -> None:
        """From the id added before to this one; a last one beyond its family stands for the end of it."""
        start, end = _renamed(first), _renamed(last)
        if start not in CRITERIA:
            self.add(last)
            return
        family = [key for key in CRITERIA if CRITERIA[key].family == CRITERIA[start].family]
        if end not in CRITERIA and end.startswith(CRITERIA[start].family + "."):
            self.notices.append(f"{last} does not exist: the range is taken to {family[-1]}.")
            end = family[-1]
        self.add(end)
        if end in CRITERIA:
            self.keys += _between(start, end)


def _renamed(key: str) -> str:
    return "PI" + key[2:] if key.startswith("PP") else key


def _between(first: str, last: str) -> tuple[str, ...]:
    """Criteria from one to the other where both have the same letters, such as CC1.1 and CC5.3; else the two."""
    if _letters(first) != _letters(last):
        return (first, last)
    order = list(CRITERIA)
    start, end = sorted([order.index(first), order.index(last)])
    return tuple(order[start : end + 1])


def _letters(key: str) -> str:
    return key.rstrip("0123456789.")


def _listed(keys: Iterable[str]) -> str:
    named = [f"{key} ({CRITERIA[key].title})" for key in in_order(keys)]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def _key(match: re.Match[str], before: str) -> str:
    """The id a token stands for, "" if it is none; `before` is the id it continues, or ""."""
    if match["prefix"]:
        loose = len(match["prefix"]) == 1 and match["gap"] == " " and match["prefix"].islower()  # "a 1.2 million users"
        return "" if loose else f"{match['prefix'].upper()}{match['family']}.{int(match['number'])}"
    if not before:
        return ""
    family, _, number = before.partition(".")
    if match["last"]:
        return f"{family}.{match['last']}" if int(match["last"]) > int(number) else ""
    key = f"{_letters(before)}{match['bare_family']}.{match['bare_number']}"
    return key if key > before else ""  # "CC6.7 and 1.2" goes on about TLS


def _groups(text: str) -> list[_Group]:
    groups: list[_Group] = []
    before = ""
    for match in _TOKEN.finditer(text):
        between = text[groups[-1].end : match.start()] if groups else "\n"
        ranged, joined = _RANGE.fullmatch(between), _JOINED.fullmatch(between)
        key = _key(match, before if ranged or joined else "")
        if not key:
            continue
        if ranged:
            groups[-1].add_range(before, key)
        elif joined:
            groups[-1].add(key)
        else:
            groups.append(_Group(match.start(), match.end()))
            groups[-1].add(key)
        groups[-1].end, before = match.end(), key
    return groups


def _plain(text: str) -> str:
    """The words alone, in lower case."""
    words = re.sub(r"[^\w\s/&'-]|_", " ", _FILLER.sub(" ", text))
    return " ".join(word for word in words.lower().split() if any(character.isalnum() for character in word))


def _has_words(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]{2}", _plain(text)))


def _give_words(groups: list[_Group], text: str, context: str) -> None:
    """Each group gets the words beside it: those before it where a line begins with words, else those after it."""
    breaks = [0, *(match.end() for match in _BREAK.finditer(text)), len(text)]
    for index, group in enumerate(groups):
        if len(groups) == 1:
            words = text[: group.start] + " " + text[group.end :]
        else:
            begins = max(place for place in breaks if place <= group.start)
            ends = min(place for place in breaks if place >= group.end)
            first = next(other for other in groups if other.start >= begins)
            previous = max(begins, groups[index - 1].end if index else 0)
            following = min(ends, groups[index + 1].start if index + 1 < len(groups) else ends)
            leading = _has_words(text[begins : first.start])
            words = text[previous : group.start] if leading else text[group.end : following]
        group.own_words = _has_words(words)
        group.words = _plain(words if group.own_words else context)


def _topics(words: str) -> list[Topic]:
    return [topic for topic in TOPICS if topic.named_in(words)]


def _correct_missing(group: _Group) -> None:
    """An id that does not exist is replaced by what its words mean; without a clue somebody has to choose."""
    topics = _topics(group.words) if group.missing else []
    if not group.own_words and len(topics) > 1:
        topics = []  # a context of several topics says nothing about this id
    for key in dict.fromkeys(group.missing):
        meant = {criterion for topic in topics for criterion in topic.primary} or set(INVENTED.get(key, ()))
        if meant:
            group.keys += in_order(meant)
            group.notices.append(f"{key} does not exist: taken as {_listed(meant)}.")
            continue
        family = [known for known in CRITERIA if known.startswith(key.split(".")[0] + ".")]
        ends = f"; {key.split('.')[0]} ends at {family[-1]}" if family else ""
        group.notices.append(f"{key} does not exist{ends}. Choose the criterion that is meant.")
        group.sure = False


def _shares_a_word(key: str, words: str) -> bool:
    """Whether the words are about the criterion by its own title."""
    stems = {word[:5] for word in re.findall(r"[a-z]{5,}", CRITERIA[key].title.lower())} - {"acces", "contr", "secur"}
    return any(word[:5] in stems for word in words.split())


def _offer(group: _Group, written: set[str]) -> None:
    """An id that is real but whose words say another topic is kept, and the other offered."""
    keys = set(group.keys)
    for mislabel in MISLABELS:
        if mislabel.fits(keys, group.words) and not set(mislabel.belongs) <= written:
            _note_offer(group, mislabel.name, keys & mislabel.ids, set(mislabel.belongs))
            return
    topics = _topics(group.words) if group.own_words and len(group.words.split()) <= FEW_WORDS else []
    fitting = {key for topic in topics for key in (*topic.primary, *topic.also)}
    if topics and not any(key in fitting or _shares_a_word(key, group.words) for key in keys):
        _note_offer(group, topics[0].name, keys, {key for topic in topics for key in topic.primary})


def _note_offer(group: _Group, name: str, instead_of: set[str], meant: set[str]) -> None:
    group.offered = set(group.keys) - instead_of | meant
    kept = ", ".join(in_order(group.keys))
    group.notices.append(f"{name} belongs to {_listed(meant)}. Kept as written ({kept}) until you accept the correction.")


def _of_families(text: str) -> Understood | None:
    """Labels such as CC6, CC6.x or CC1-CC5, which name families and no criterion."""
    plain = _FILLER.sub(" ", text).strip()
    if not re.fullmatch(rf"{_FAMILY.pattern}(?:[ ,;/&\n-]+{_FAMILY.pattern})*", plain, re.IGNORECASE):
        return None
    names = [f"{letters.upper().replace('PP', 'PI')}{number}" for letters, number in _FAMILY.findall(plain)]
    if len(names) == 2 and "-" in plain and _letters(names[0]) == _letters(names[1]):
        order = [name for name in FAMILIES if _letters(name) == _letters(names[0])]
        names = [name for name in order if min(names) <= name <= max(names)]
    found = tuple(key for key, criterion in CRITERIA.items() if criterion.family in names)
    said = ", ".join(names)
    if not found:
        return Understood((), f"{said} does not exist. Choose the criterion that is meant.", certain=False)
    if len(found) == 1:
        return Understood(found, f"{said} has one criterion: taken as {_listed(found)}.", certain=True)
    return Understood((), f"{said} names a family. Choose among its criteria, or accept them all.", certain=False, offered=found)


def _of_words(text: str) -> Understood:
    """A label without an id: a title of ours, a topic, or something else."""
    words = _plain(text)
    titled = tuple(key for key, criterion in CRITERIA.items() if _plain(criterion.title) == words)
    if titled:
        return Understood(titled, f"Names no id: taken as {_listed(titled)}.", certain=True)
    topics = _topics(words)
    meant = in_order(key for topic in topics for key in topic.primary)
    if not meant:
        return Understood((), f'"{text.strip()[:80]}" names no criterion. Choose the criterion that is meant.', certain=False)
    notice = f"Names no id. {topics[0].name} belongs to {_listed(meant)}: accept it or choose another."
    return Understood((), notice, certain=False, offered=meant)


def understand(label: str, context: str = "") -> Understood:
    """What a label of one or more criteria means, whatever way it is written. Never raises.

    `context` is what the label stands beside, such as the title of the control; it speaks where the label has ids only.
    The corrections are those of controls.topics.
    """
    text = unicodedata.normalize("NFKC", label[:MOST_CHARACTERS]).translate(_DASHES).strip()
    if not text:
        return Understood((), "", certain=True)
    groups = _groups(text)
    if not groups:
        return _of_families(text) or _of_words(text)
    _give_words(groups, text, unicodedata.normalize("NFKC", context[:MOST_CHARACTERS]))
    for group in groups:
        _correct_missing(group)
    written = {key for group in groups for key in group.keys}
    for group in groups:
        _offer(group, written)
    offered = in_order(key for group in groups for key in (group.offered or group.keys))
    changed = any(group.offered for group in groups)
    return Understood(
        criteria=in_order(written),
        notice=" ".join(dict.fromkeys(notice for group in groups for notice in group.notices)),
        certain=not changed and all(group.sure for group in groups),
        offered=offered if changed else (),
    )
