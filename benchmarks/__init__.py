"""Measurements of the running product; what they gave is kept in results.md."""
