"""One exchange and what was expected of it -> findings with cause, evidence and advice. Pure: no clock, no probes."""
