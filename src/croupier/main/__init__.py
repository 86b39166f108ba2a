"""The composition root: settings, processes, command line. Nothing below imports it."""
