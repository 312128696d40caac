"""The trail's checks: asked for, made by a worker, kept with their evidence."""
