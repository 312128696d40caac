"""How a passkey is refused."""

from accounts.models import User

NOT_ACCEPTED = "This passkey was not accepted. Try again, or use another way."
STALE = "This was not asked for in this browser, or too long ago. Try again."
TOO_SOON = "Too many wrong tries. Wait a little, then try again."


class PasskeyRefused(Exception):
    """`reason` is for the trail, `sentence` for the person, and `user` whose passkey it claimed to be, where that is known."""

    def __init__(self, reason: str, sentence: str = NOT_ACCEPTED, *, user: User | None = None) -> None:
        super().__init__(reason)
        self.reason, self.sentence, self.user = reason, sentence, user
