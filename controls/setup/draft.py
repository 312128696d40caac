"""What was answered so far. It lives in the session, so that one can leave and come back, and nothing is written yet."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from controls.library.questions import QUESTIONS, Answers

_SESSION = "first_hour"
NEW = "new"  # a period that is not there yet
Given = dict[str, list[str]]


class Draft:
    """The answers of one person for one organization: `answers` by question, `scope` and `choice` by field."""

    def __init__(self, request: Any) -> None:
        self._session, self._key = request.session, str(request.organization.pk)
        kept = self._all().get(self._key, {})
        self.answers: Given = kept.get("answers", {})
        self.scope: Given = kept.get("scope", {})
        self.choice: Given = kept.get("choice", {})

    def keep_answers(self, given: Mapping[str, Any]) -> None:
        """Keep those answers that exist; `given` has a list for each question (`QueryDict.lists`).

        Other answers propose another audit, so what was said of it is asked anew.
        """
        answers = {question.key: _known(question.options, given.get(question.key, [])) for question in QUESTIONS}
        if answers != self.answers:
            self.answers, self.scope, self.choice = answers, {}, {}
            self._save()

    def keep_scope(self, given: Given) -> None:
        """Keep what was said of the audit; only what has passed its form."""
        self.scope, self.choice = given, self.choice if given == self.scope else {}
        self._save()

    def keep_choice(self, given: Given) -> None:
        """Keep controls and owners as they were chosen so far, by role; the page checks them when it is sent."""
        self.choice = given
        self._save()

    @property
    def begun(self) -> bool:
        """Whether any question was answered."""
        return any(self.answers.values())

    def initial(self) -> dict[str, Any]:
        """As the form of the questions takes them."""
        kept = self.answers.get
        return {one.key: kept(one.key, []) if one.multiple else next(iter(kept(one.key, [])), "") for one in QUESTIONS}

    def scope_data(self) -> QueryDict:
        """What was said of the audit, as if it were sent again."""
        data = QueryDict(mutable=True)
        for name, values in self.scope.items():
            data.setlist(name, values)
        data.setdefault("period", NEW)  # where there was none to choose from when it was said
        return data

    def as_answers(self) -> Answers:
        """As the library takes them."""
        return {question.key: self.answers.get(question.key, []) for question in QUESTIONS}

    def _all(self) -> dict[str, Any]:
        kept = self._session.get(_SESSION)
        return kept if isinstance(kept, dict) else {}

    def _save(self) -> None:
        self._session[_SESSION] = {
            **self._all(),
            self._key: {"answers": self.answers, "scope": self.scope, "choice": self.choice},
        }


def _known(options: list[tuple[str, str]], given: list[str]) -> list[str]:
    return [value for value, _ in options if value in given]
