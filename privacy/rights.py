"""Which permissions stand for what here."""

READ, WRITE = "privacy.read", "privacy.write"
HOLD = "holds.write"
SUBJECTS_READ, SUBJECTS = "subjects.read", "subjects.write"
EVERYBODY = "home.read"
