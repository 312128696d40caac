"""What goes wrong with keys and sealed values, each with a sentence."""


class SealingError(RuntimeError):
    """A sealed value could not be opened, or no usable key exists. Never answered with a default."""


class KeyDestroyed(SealingError):
    """The value's key was destroyed on purpose: nobody reads it again."""

    def __init__(self) -> None:
        super().__init__("This cannot be read: its key was destroyed.")
