"""The analyst's room: marking what was said, and clearing quotes."""
