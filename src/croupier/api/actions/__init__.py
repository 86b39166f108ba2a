"""What operators can do, once: the native operator API and the facades of the dialects call the same code."""
