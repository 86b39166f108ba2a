"""The imperative shell: makes each event durable, then performs the command."""
