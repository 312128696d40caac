"""What a page is made of: elements of the same kind in the same place are one to axe and to the style sheets."""

from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
OUTLINE = {"h1", "h2", "h3", "h4", "h5", "h6", "header", "nav", "main", "aside", "footer", "section", "form", "dialog"}
# Attributes whose values say what an element is; of the others it counts that they are there, and of those below nothing.
TELLING = {"class", "role", "type", "scope", "lang", "tabindex", "rel", "autocomplete", "target"}
NAMING = {"aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-activedescendant"}
CONTROLS = {"input", "select", "textarea"}
NOTHING = {"name", "value", "maxlength", "minlength", "min", "max", "step", "pattern", "rows", "cols", "enctype", "accept"}


@dataclass
class _Element:
    tag: str
    place: str  # itself and all around it, by tag and class
    kind: str
    empty: bool = True


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.kinds: set[str] = set()
        self.pointing: list[tuple[str, str]] = []  # what points to which id
        self.named: Counter[str] = Counter()
        self._before = ""
        self._open = [_Element("", "", "")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._open[-1].empty = False
        place = f"{self._open[-1].place}>{tag}.{given.get('class', '')}"
        kind = f"{place}[{' '.join(sorted(_said(name, value) for name, value in given.items() if name not in NOTHING))}]"
        self.kinds.add(kind)
        self._names(tag, given, kind)
        if tag not in VOID:
            self._open.append(_Element(tag, place, kind))

    def _names(self, tag: str, given: dict[str, str], kind: str) -> None:
        if "id" in given:
            self.named[f"#{given['id']}"] += 1
        if tag == "label" and "for" in given:
            self.named[f"label {given['for']}"] += 1
        if tag in CONTROLS:
            self.pointing.append((kind, f"label {given.get('id')}"))
        self.pointing += [(kind, f"#{one}") for name in NAMING & given.keys() for one in given[name].split()]
        if tag in OUTLINE:
            self.kinds.add(f"{self._before} {tag}")
            self._before = tag
            self.named[f"{tag} {given.get('aria-label', '')} {given.get('aria-labelledby', '')}"] += 1

    def handle_endtag(self, tag: str) -> None:
        while any(one.tag == tag for one in self._open):
            ended = self._open.pop()
            if ended.empty:
                self.kinds.add(f"{ended.kind} with nothing")
            if ended.tag == tag:
                break

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._open[-1].empty = False
            self.kinds.add(f"{self._open[-1].kind} with words")


def _said(name: str, value: str) -> str:
    told = name in TELLING or (name.startswith("aria-") and name not in {*NAMING, "aria-label"})
    return f"{name}={value}" if told else f"{name}{'' if value else ' empty'}"


def made_of(page: str) -> frozenset[str]:
    """The kinds of elements on a page with all that is around them, which heading or region follows which, what is twice.

    And what points to nothing, such as a field without a label.
    """
    reader = _Reader()
    reader.feed(page)
    twice = {
        f"twice {'an id' if name.startswith('#') else name.split()[0]}" for name, number in reader.named.items() if number > 1
    }
    lost = {f"{kind} without {name[:1]}" for kind, name in reader.pointing if name not in reader.named}
    return frozenset(reader.kinds | twice | lost)
