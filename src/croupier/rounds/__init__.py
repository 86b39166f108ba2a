"""The round lifecycle: a pure state machine, events in, commands out. Every money rule lives here."""
