"""Words everyone shares. Frozen values, no input or output, no other package of ours."""
