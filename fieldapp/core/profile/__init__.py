"""The method: cold figures and warm voices become one buurtprofiel (README.md beside this file).

Kept free of imports, so that `values` and `constants` can be read without loading numpy.
"""
