"""Why a sign-in by a provider did not come about."""


class SignInRefused(Exception):
    """Nobody is signed in. `reason` is a short word for the trail; `str()` is a sentence for the person."""

    def __init__(self, reason: str, sentence: str = "What the provider sent cannot be trusted, so nobody was signed in.") -> None:
        super().__init__(sentence)
        self.reason, self.sentence = reason, sentence
