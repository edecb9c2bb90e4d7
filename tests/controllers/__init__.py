"""Controllers: the register's own view of who is responsible."""
