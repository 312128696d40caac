"""Why a request to another host did not come about."""

NO_WAY = "No connection could be made from here: this machine has no network that leads there, or no room for it."


class OutgoingError(Exception):
    """The request brought no answer; `str()` is a sentence for people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class OutgoingRefused(OutgoingError):
    """The product itself does not send it: the address is not one it may reach."""


class OutgoingElsewhere(OutgoingRefused):
    """The other side answered, and sent on to where it is not followed."""


class OutgoingBusy(OutgoingError):
    """It was not even tried: this process had no room for it. That says nothing of the other side."""


class OutgoingFailed(OutgoingError):
    """It was sent, or tried, and the other side did not answer as it should. `kind` is one of KINDS."""

    KINDS = ("name", "connect", "tls", "time", "protocol")

    def __init__(self, sentence: str, kind: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class OutgoingBlind(OutgoingFailed):
    """It failed on this side: no resolver, no network. That says nothing of the other side."""
