"""Tables out of CSV and XLSX files. Pure Python: nothing here knows the database, and FormatError is the only exception."""
