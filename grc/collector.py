"""Python's collector of cycles, as a process wants it that takes large documents apart."""

import gc

_YOUNG = 20_000  # containers made before it looks; Python's 700 are made by one document of a hundred


def calm_collector() -> None:
    """Call it once all is loaded: that is not looked through again, and the rest not every 700 containers.

    In a request with 1,000 documents it would look hundreds of times for cycles that are not there.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
