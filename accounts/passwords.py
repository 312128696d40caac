"""The password rule for this product's own accounts: 12 or more, upper and lower case, a digit and a special character."""

import string
from collections.abc import Callable

from django.core.exceptions import ValidationError

RULE = "Use 12 or more characters with an upper and a lower case letter, a digit and a special character."

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


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
