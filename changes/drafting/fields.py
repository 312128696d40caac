"""Fields of the form of a change."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q, QuerySet

from changes.drafting.content import Link
from changes.drafting.risk import QUESTIONS, Question
from changes.models import ChangeLink
from inventory.models import System
from ui.forms import TextArea

MOST_LINKS = 20
_KINDS = (
    (re.compile(r"/(pull|merge_requests|pullrequest|pull-requests)/\d+"), ChangeLink.Kind.PULL_REQUEST),
    (re.compile(r"/commits?/[0-9a-f]{7,64}"), ChangeLink.Kind.COMMIT),
    (re.compile(r"/(issues?|browse|tickets?|work_items|agent/tickets)/"), ChangeLink.Kind.TICKET),
    (re.compile(r"/(deployments?|pipelines|actions/runs|releases)/"), ChangeLink.Kind.DEPLOYMENT),
)
_is_url = URLValidator(schemes=["http", "https"])


class LinksField(forms.CharField):
    """Addresses, one a line, each followed by what it is; cleans to (kind, address, label). The kind is told by the address."""

    widget = TextArea(rows=2)
    longest_line = 701  # an address, a space, and what it is

    def prepare_value(self, value: Any) -> Any:
        """Lines of the links; from the API they are lines already."""
        if isinstance(value, list | tuple):
            return "\n".join(one if isinstance(one, str) else f"{one[1]} {one[2]}".strip() for one in value)
        return value

    def clean(self, value: Any) -> Any:
        """The links, in order. Raises ValidationError."""
        lines = [line.split(None, 1) for line in str(super().clean(value)).splitlines() if line.strip()]
        if len(lines) > MOST_LINKS:
            raise ValidationError(f"At most {MOST_LINKS} links.")
        return [_link(words[0], words[1].strip() if len(words) > 1 else "") for words in lines]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as lines."""
        return super().has_changed(self.prepare_value(initial), data)


def _link(url: str, label: str) -> Link:
    try:
        _is_url(url)
    except ValidationError as error:
        raise ValidationError(f"“{url[:100]}” is no address: it begins with https://") from error
    if len(url) > 500 or len(label) > 200:
        raise ValidationError("An address has at most 500 characters, what it is at most 200.")
    return (kind_of(url), url, label)


def kind_of(url: str) -> str:
    """What an address leads to, by its path."""
    path = urlsplit(url).path
    return next((kind.value for pattern, kind in _KINDS if pattern.search(path)), ChangeLink.Kind.OTHER.value)


class WordsField(forms.CharField):
    """Several short words with commas between them; cleans to a list without repetition."""

    def prepare_value(self, value: Any) -> Any:
        """The words with commas between them."""
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """The words. Raises ValidationError."""
        words = [word.strip() for word in str(super().clean(value)).split(",") if word.strip()]
        if any(len(word) > 40 for word in words) or len(words) > 20:
            raise ValidationError("At most 20, of at most 40 characters each.")
        return list(dict.fromkeys(words))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as words."""
        return super().has_changed(self.prepare_value(initial), data)


class AnswerField(forms.ChoiceField):
    """The answer to one question of the risk questionnaire."""

    widget = forms.RadioSelect

    def __init__(self, question: Question) -> None:
        super().__init__(label=question.text, required=False, choices=[(answer.key, answer.label) for answer in question.answers])
        self.one_of = True  # open until it is answered, not optional


def answer_name(question: Question) -> str:
    """What the field of a question is called."""
    return f"risk_{question.key}"


ANSWERS = tuple(answer_name(question) for question in QUESTIONS)


def systems_in_use(*kept: Any) -> QuerySet[System]:
    """Systems in use, and those that are chosen already."""
    return System.objects.filter(Q(status=System.Status.ACTIVE) | Q(pk__in=kept)).order_by("name")
