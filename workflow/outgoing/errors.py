"""Why a request to another host did not come about."""


class OutgoingError(Exception):
    """The request brought no answer; `str()` is a sentence for people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class OutgoingRefused(OutgoingError):
    """The product itself does not send it: the address is not one it may reach."""


class OutgoingBusy(OutgoingError):
    """It was not even tried: this process had no room for it. That says nothing of the other side."""


class OutgoingFailed(OutgoingError):
    """It was sent, or tried, and the other side did not answer as it should. `kind` is one of KINDS."""

    KINDS = ("name", "connect", "tls", "time", "protocol")

    def __init__(self, sentence: str, kind: str) -> None:
        super().__init__(sentence)
        self.kind = kind
