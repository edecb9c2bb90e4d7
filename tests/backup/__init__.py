"""Tests of backup, restore and check."""
