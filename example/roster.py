"""Who works at Larkfield Software: 56 employees, 3 contractors and 5 who have left, before and after a quarter of changes."""

import csv
import datetime as dt
import io
from dataclasses import dataclass, replace

DOMAIN = "larkfield.example"

# name | title | department | manager | kind, where it is not an employee
_PEOPLE = """
Helen Marsh|Chief executive officer|Executive|
Victor Lindqvist|Chief financial officer|Finance|Helen Marsh
Priya Nair|Finance controller|Finance|Victor Lindqvist
Sofia Russo|Accounts receivable lead|Finance|Priya Nair
Ben Carter|Billing specialist|Finance|Victor Lindqvist
Nora Fischer|General counsel|Legal|Helen Marsh
Samuel Price|Security lead|Security|Helen Marsh
Yuki Tanaka|Security engineer|Security|Samuel Price
Grace Bauer|IT lead|IT|Helen Marsh
Omar Haddad|IT support specialist|IT|Grace Bauer
Lena Vögel|Systems administrator|IT|Grace Bauer
Judith Klein|People lead|People|Helen Marsh
Rosa Mendes|People partner|People|Judith Klein
Alex Moreau|Recruiter|People|Judith Klein
Anita Desai|VP Engineering|Engineering|Helen Marsh
Laura Novák|Staff engineer, billing|Engineering|Anita Desai
Ian Campbell|Staff engineer, apps|Engineering|Anita Desai
Jorge Molina|Software engineer|Engineering|Anita Desai
Julia Meyer|Software engineer|Engineering|Anita Desai
Sean O'Brien|Software engineer|Engineering|Anita Desai
Aisha Khan|Software engineer|Engineering|Anita Desai
Peter Dahl|Software engineer|Engineering|Anita Desai
Dmitri Ivanov|Software engineer|Engineering|Anita Desai
Hana Suzuki|Software engineer|Engineering|Anita Desai
Tom Becker|Software engineer|Engineering|Anita Desai
Emily Carter|Software engineer|Engineering|Anita Desai
Carlos Vega|Software engineer|Engineering|Anita Desai
Nina Petrova|Software engineer|Engineering|Anita Desai
Sam Whitaker|Software engineer|Engineering|Anita Desai
Jade Liu|Software engineer|Engineering|Anita Desai
Tomás Ferreira|Platform lead|Platform|Anita Desai
Chen Wei|Platform engineer|Platform|Tomás Ferreira
Fatima Zahra|Platform engineer|Platform|Tomás Ferreira
Erik Johansson|Platform engineer|Platform|Tomás Ferreira
Maya Cohen|Platform engineer|Platform|Tomás Ferreira
Maria Santos|Head of Support|Support|Helen Marsh
Kevin Doyle|Support agent|Support|Maria Santos
Amara Obi|Support agent|Support|Maria Santos
Lukas Weber|Support agent|Support|Maria Santos
Elif Yilmaz|Support agent|Support|Maria Santos
Paul Grant|Support agent|Support|Maria Santos
Zoe Turner|Support agent|Support|Maria Santos
Ivy Chan|Support agent|Support|Maria Santos
Mateo Silva|Support agent|Support|Maria Santos
Daniel Osei|Head of Sales|Sales|Helen Marsh
Rachel Stone|Account executive|Sales|Daniel Osei
Jonas Lind|Account executive|Sales|Daniel Osei
Brenda Walsh|Account executive|Sales|Daniel Osei
Oscar Nilsson|Account executive|Sales|Daniel Osei
Chloé Martin|Head of Marketing|Marketing|Helen Marsh
Felix Arnold|Content marketer|Marketing|Chloé Martin
Gina Torres|Designer|Marketing|Chloé Martin
Ravi Menon|Head of Product|Product|Helen Marsh
Anna Kowalski|Product manager|Product|Ravi Menon
David Kim|Product designer|Product|Ravi Menon
Leila Aziz|Product analyst|Product|Ravi Menon
Marcus Reed|DevOps contractor|Platform|Tomás Ferreira|contractor
Ines Duarte|QA contractor|Engineering|Anita Desai|contractor
Viktor Hahn|Data migration contractor|Engineering|Anita Desai|contractor
Nadia Brooks|Account executive|Sales|Daniel Osei
Gordon Hayes|Support agent|Support|Maria Santos
Mei Lin|Software engineer|Engineering|Anita Desai
Richard Stahl|Database administrator|Platform|Tomás Ferreira
Tara Singh|Marketing assistant|Marketing|Chloé Martin
"""

JOINERS = frozenset({"jade.liu", "mateo.silva", "oscar.nilsson"})
REHIRED = "sam.whitaker"
MOVER = "ben.carter"
PAST_END = "marcus.reed"
LEFT_LATELY = "nadia.brooks"
DAYS_ACTIVE_AFTER = 11
# Since the third quarter; richard.stahl left before it.
LEAVERS = frozenset({LEFT_LATELY, "gordon.hayes", "mei.lin", "tara.singh"})
LEFT_LONG_AGO = "richard.stahl"
# Before her marriage; some systems still know her by it.
ALIASES = {"emily.carter": f"emily.watson@{DOMAIN}"}
_PLAIN = str.maketrans({"ö": "o", "á": "a", "é": "e", "'": ""})
HEADERS = (
    "Employee ID", "Name", "Work email", "Manager email", "Department", "Job title", "Employment type", "Start date",
    "Last working day", "Contract end date", "Employment status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the story. `key` is the first part of the e-mail address; `manager` is the manager's key, or ""."""

    number: int
    name: str
    title: str
    department: str
    manager: str
    kind: str

    @property
    def key(self) -> str:
        """As in anna.kowalski."""
        return key_of(self.name)

    @property
    def email(self) -> str:
        """The address on the roster."""
        return f"{self.key}@{DOMAIN}"


def key_of(name: str) -> str:
    """A name as the first part of an e-mail address."""
    return name.translate(_PLAIN).lower().replace(" ", ".")


def _someone(number: int, line: str) -> Someone:
    name, title, department, manager, *kind = line.split("|")
    return Someone(number, name, title, department, key_of(manager), kind[0] if kind else "employee")


EVERYBODY: dict[str, Someone] = {
    one.key: one for one in (_someone(number, line) for number, line in enumerate(_PEOPLE.strip().splitlines(), 1001))
}
EMPLOYEES_BEFORE = tuple(
    k for k, one in EVERYBODY.items() if one.kind == "employee" and k not in {*JOINERS, REHIRED, LEFT_LONG_AGO}
)


@dataclass(frozen=True, slots=True)
class RosterDates:
    """The days that matter, counted back from today and from the quarter of the first review."""

    today: dt.date
    review_quarter_end: dt.date

    def ago(self, days: int) -> dt.date:
        """The day so many days before today."""
        return self.today - dt.timedelta(days=days)

    def left_on(self, key: str) -> dt.date | None:
        """The last working day of those who have left by now."""
        days = {
            LEFT_LATELY: self.ago(DAYS_ACTIVE_AFTER),
            "gordon.hayes": self.review_quarter_end - dt.timedelta(days=12),
            "mei.lin": self.review_quarter_end - dt.timedelta(days=26),
            "tara.singh": self.review_quarter_end - dt.timedelta(days=2),
            LEFT_LONG_AGO: self.ago(310),
        }
        return days.get(key)

    def contract_end(self, one: Someone) -> dt.date | None:
        """The end of a contractor's contract as first agreed."""
        return self.today + dt.timedelta(days=150) if one.kind == "contractor" else None

    def started_on(self, one: Someone) -> dt.date:
        """The first day; of somebody rehired, the new one."""
        new = {"jade.liu": 26, "mateo.silva": 40, "oscar.nilsson": 33, REHIRED: 21}
        return self.ago(new.get(one.key, 320 + (one.number * 37) % 1400))


def roster_before(dates: RosterDates) -> bytes:
    """The roster as the HR system had it when the third quarter's review was prepared."""
    rows = []
    for key, one in EVERYBODY.items():
        started, left = dates.started_on(one), dates.left_on(key) if key == LEFT_LONG_AGO else None
        if key == REHIRED:
            started, left = dates.ago(1300), dates.ago(420)
        if key == MOVER:
            one = replace(one, department="Support", manager="maria.santos", title="Support agent")
        if key not in JOINERS:
            rows.append(_row(one, started, left, dates.contract_end(one)))
    return _csv(rows)


def roster_now(dates: RosterDates) -> bytes:
    """The roster of today: 64 people."""
    return _csv(
        [
            _row(one, dates.started_on(one), dates.left_on(key), dates.ago(20) if key == PAST_END else dates.contract_end(one))
            for key, one in EVERYBODY.items()
        ]
    )


def _row(one: Someone, started: dt.date, left: dt.date | None, end: dt.date | None) -> list[str]:
    return [
        f"LF{one.number}",
        one.name,
        one.email,
        f"{one.manager}@{DOMAIN}" if one.manager else "",
        one.department,
        one.title,
        "Contractor" if one.kind == "contractor" else "Employee",
        started.isoformat(),
        left.isoformat() if left else "",
        end.isoformat() if end else "",
        "Left" if left else "Active",
    ]


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([list(HEADERS), *rows])
    return text.getvalue().encode("utf-8-sig")
