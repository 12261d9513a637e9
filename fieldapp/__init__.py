"""fieldapp: voices and figures of a neighbourhood, side by side."""

__version__ = "0.1.0"
