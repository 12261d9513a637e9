"""The phone, broken on purpose: a real Chromium, a real server, and faults between them."""
