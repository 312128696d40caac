"""The life of a vendor: asked for, looked at, decided on, used, left with evidence."""
