"""Pages of the guide that are made from the code, so that they cannot be out of date. No dates in them."""
