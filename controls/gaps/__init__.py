"""Gap analyses: dated snapshots of where a period stands, with reasons, recommendations and what changed since."""
