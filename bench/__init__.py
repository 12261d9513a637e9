"""Benchmarks: one command measures everything beside each other in one run (python -m bench)."""
