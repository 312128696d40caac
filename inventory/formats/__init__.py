"""Reading full exports of access lists into normalised rows.

Pure Python: nothing here knows the database. Files come in as paths or binary file objects, rows go out
one at a time, and whatever a file contains, the only exception is FormatError.
"""
