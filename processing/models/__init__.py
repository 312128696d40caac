"""Processing integrity: schemas, their versions, what was validated against them, and when too little of it succeeded."""

from processing.models.breach import ProcessingBreach
from processing.models.record import Outcome, ProcessingRecord, RecordBatch
from processing.models.schema import ProcessingSchema, SchemaVersion

__all__ = ["Outcome", "ProcessingBreach", "ProcessingRecord", "ProcessingSchema", "RecordBatch", "SchemaVersion"]
