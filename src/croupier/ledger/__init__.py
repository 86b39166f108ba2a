"""What moved between whom, by double entry. Pure: computed from rounds, never kept beside them."""
