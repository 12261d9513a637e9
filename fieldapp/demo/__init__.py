"""A clearly fictional gemeente for trying fieldapp out: pure values, no database, no clock.

Everything here is invented. It lies in the Markermeer, where nobody lives.
"""
