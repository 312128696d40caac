"""Changes from where they happen: pull and merge requests, by webhooks and by lists."""
