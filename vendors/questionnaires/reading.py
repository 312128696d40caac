"""Reading a file of answers: questions and answers by the names of their columns, or refused with what is missing."""

from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, cast

from controls.catalogue.cells import unguarded
from controls.catalogue.drafts import tidy
from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from evidence.tables.text import header_key
from evidence.tables.workbooks import is_zip
from ui.refusals import ActionRefused
from vendors.questionnaires.scoring import reading_of

MOST_QUESTIONS = 2_000
LONGEST = 4_000
_FIELDS: dict[str, str] = {
    "question": "question", "questions": "question", "question text": "question", "requirement": "question",
    "control": "question",
    "answer": "answer", "answers": "answer", "response": "answer", "vendor response": "answer", "vendor answer": "answer",
    "comment": "comment", "comments": "comment", "notes": "comment", "explanation": "comment",
    "additional information": "comment",
    "section": "section", "category": "section", "domain": "section", "topic": "section",
    "weight": "weight", "importance": "weight", "priority": "weight",
    "expected": "expected", "expected answer": "expected", "preferred answer": "expected",
}  # fmt: skip
_WEIGHTS = {"": 1, "1": 1, "2": 2, "3": 3, "low": 1, "medium": 2, "high": 3, "critical": 3}


@dataclass(frozen=True, slots=True)
class Read:
    """One question as the file has it, and what its answer comes to."""

    section: str
    question: str
    answer: str
    comment: str
    weight: int
    reading: str


def read_answers(file: IO[bytes]) -> list[Read]:
    """Read a CSV or XLSX. Raises ActionRefused when it is no questionnaire, or a row cannot be read."""
    try:
        unquote = str if is_zip(cast("Any", file)) else unguarded
        file.seek(0)
        with open_table(cast("Any", file)) as table:
            fields = [_FIELDS.get(header_key(header), "") for header in table.headers]
            fields = ["" if name in fields[:at] else name for at, name in enumerate(fields)]
            if missing := [name.capitalize() for name in ("question", "answer") if name not in fields]:
                raise ActionRefused(f"The file has no column {' and no column '.join(missing)}.", field="file")
            rows = list(islice(table.rows, MOST_QUESTIONS + 1))
    except FormatError as error:
        raise ActionRefused(str(error), field="file") from error
    if len(rows) > MOST_QUESTIONS:
        raise ActionRefused(f"At most {MOST_QUESTIONS:,} questions come in one file.", field="file")
    found = [_read(row, fields, unquote) for row in rows]
    asked = [one for one in found if one.question]
    if not asked:
        raise ActionRefused("There is no question in the file.", field="file")
    return asked


def _read(row: Any, fields: list[str], unquote: Any) -> Read:
    if isinstance(row, RowError):
        raise ActionRefused(f"Row {row.row_number}: {' '.join(row.reasons)}", field="file")
    number, cells = row
    given = {name: tidy(unquote(cell)) for name, cell in zip(fields, cells, strict=True) if name}
    weight = given.get("weight", "").casefold()
    if weight not in _WEIGHTS:
        raise ActionRefused(f"Row {number}: the weight is 1, 2 or 3, or low, medium or high.", field="file")
    if any(len(text) > LONGEST for text in given.values()):
        raise ActionRefused(f"Row {number}: a cell has more than {LONGEST:,} characters.", field="file")
    answer = given.get("answer", "")
    return Read(
        section=given.get("section", "")[:200],
        question=given.get("question", ""),
        answer=answer,
        comment=given.get("comment", ""),
        weight=_WEIGHTS[weight],
        reading=reading_of(answer, given.get("expected", "")),
    )
