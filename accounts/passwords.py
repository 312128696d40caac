"""The password rule for this product's own accounts.

12 or more, upper and lower case, a digit and a special character; no common word in disguise, and no word of the place.
"""

import re
import string
from collections.abc import Callable, Iterator
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from accounts.models import Member, User

RULE = (
    "Use 12 or more characters with an upper and a lower case letter, a digit and a special character."
    " Neither a common word nor the name of your organization may stand behind it."
)

_PARTS: dict[str, Callable[[str], bool]] = {
    "an upper case letter": str.isupper,
    "a lower case letter": str.islower,
    "a digit": str.isdecimal,
    "a special character": lambda character: character in string.punctuation or not (character.isalnum() or character.isspace()),
}


class CompositionValidator:
    """For AUTH_PASSWORD_VALIDATORS: what the length validator leaves open, in one sentence that says what is missing."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when the password misses a part of the rule."""
        missing = [name for name, has in _PARTS.items() if not any(has(character) for character in password)]
        if missing:
            raise ValidationError(f"Add {_listed(missing)}.", code="password_composition")

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return RULE


# What stands for a letter in a word that is made to look less like one; 1 may be either of two.
_DISGUISES = [str.maketrans("013457@$!|8", f"o{one}eastas{one}{one}b") for one in "il"]
_LETTERS, _EDGES = re.compile(r"[^a-z]+"), re.compile(r"^[^a-z]+|[^a-z]+$")
_LEAST = 4  # letters; what is shorter stands in too many passwords to say anything
PRODUCT = "plumbline"


class DisguisedWordValidator:
    """Refuses what is a common password once its digits and special characters are taken off, or read as letters.

    Of Django's list of some 20,000 fewer than 200 have twelve characters; the rest come dressed up, such as Password2026!!.
    """

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when a single common password is all there is to it, once or several times."""
        if any({core, _unit(core)} & _common() for core in _cores(password.lower())):
            raise ValidationError(
                "This is a common password with something added. Use several words that do not belong together.",
                code="password_disguised",
            )

    def get_help_text(self) -> str:
        """What is refused."""
        return "It may not be a common password with digits or special characters added."


class PlaceValidator:
    """Refuses passwords with the product's name in them, or that of an organization the person belongs to or joins."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError naming the word. `user.joining` is the organization of somebody who is about to join."""
        plain = password.lower()
        readings = {_LETTERS.sub("", plain), *(_LETTERS.sub("", plain.translate(disguise)) for disguise in _DISGUISES)}
        found = next((word for word in _words_of_place(user) if any(word in reading for reading in readings)), None)
        if found is not None:
            raise ValidationError(f"Leave out “{found}”: whoever guesses begins with such names.", code="password_place")

    def get_help_text(self) -> str:
        """What is refused."""
        return "It may not contain the name of your organization or of this product."


@cache
def _common() -> frozenset[str]:
    """The common passwords of enough letters, bare of all else."""
    return frozenset(_LETTERS.sub("", one) for one in CommonPasswordValidator().passwords)


def _cores(plain: str) -> Iterator[str]:
    """The letters that may be meant: those there are, and those that digits and signs inside or before them stand for."""
    letters = _LETTERS.sub("", plain)
    if len(letters) < _LEAST:
        return
    yield letters
    inside = _EDGES.sub("", plain)
    begun = plain[: plain.rindex(inside) + len(inside)] if inside else ""
    for disguise in _DISGUISES:
        yield _LETTERS.sub("", inside.translate(disguise))
        yield _LETTERS.sub("", begun.translate(disguise))


def _unit(core: str) -> str:
    """What the letters repeat, or they themselves."""
    return core[: (core + core).index(core, 1)]


def _words_of_place(user: object) -> Iterator[str]:
    yield PRODUCT
    if not isinstance(user, User):
        return
    places = [user.joining] if user.joining else [member.organization for member in Member.of_user(user)]
    for place in places:
        for name in (place.name.lower(), place.slug.lower()):
            words = [_LETTERS.sub("", name), *_LETTERS.split(name)]
            yield from (word for word in words if len(word) >= _LEAST)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
