"""The monthly report: figures of a month frozen as a snapshot, printed by a worker, kept as evidence, told by mail."""
