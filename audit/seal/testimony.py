"""A head as a witness keeps it: its text and its signature, on one line of JSON."""

import base64
import binascii
import json
from dataclasses import dataclass

from audit.seal.heads import BadHead, Head


class UnreadableWitness(RuntimeError):
    """A witness cannot be asked, or what it has makes no sense: nothing can be said of what it would tell."""


@dataclass(frozen=True, slots=True)
class KeptHead:
    """A head's text and signature."""

    body: str
    signature: bytes

    @property
    def head(self) -> Head:
        """What it says. Raises UnreadableWitness."""
        try:
            return Head.read(self.body)
        except BadHead as error:
            raise UnreadableWitness("What it has is no head.") from error

    @property
    def line(self) -> str:
        """As it is written."""
        signature = base64.b64encode(self.signature).decode()
        return json.dumps({"body": self.body, "signature": signature}, ensure_ascii=False)

    @classmethod
    def read(cls, line: str) -> "KeptHead":
        """From its line. Raises UnreadableWitness."""
        try:
            told = json.loads(line)
            found = cls(told["body"], base64.b64decode(told["signature"], validate=True))
        except (KeyError, TypeError, ValueError, binascii.Error) as error:
            raise UnreadableWitness("It has a line that is no head.") from error
        if not isinstance(found.body, str):
            raise UnreadableWitness("It has a line that is no head.")
        return found
