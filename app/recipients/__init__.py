"""Recipients: to whom data go, and from whom they come when not from the person."""
