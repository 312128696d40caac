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


def stated(text: str, otherwise: str = "Give a reason: an auditor will ask for it.", *, field: str = "reason") -> str:
    """The text without white space around it. Raises ActionRefused with the sentence `otherwise` when nothing is left."""
    if not text.strip():
        raise ActionRefused(otherwise, field=field)
    return text.strip()
