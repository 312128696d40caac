"""How an action says no."""


class ActionRefused(Exception):
    """An action that will not be done, with a sentence for the user.

    `field` names the form field the sentence belongs to, if there is one. Views
    do not catch it: `ui.middleware` and `FormScreen` translate it once.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
