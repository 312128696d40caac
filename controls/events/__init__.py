"""Control events: what other systems log for a control, kept as it was sent, counted, and alerted on."""
