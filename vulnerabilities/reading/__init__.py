"""Reading what scanners write: no file is believed further than it says what was checked."""
