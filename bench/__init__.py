"""Measurements that take longer than a test may, each with its own make target."""
