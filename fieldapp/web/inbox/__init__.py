"""Incoming submissions: looked at, accepted, returned, rejected."""
