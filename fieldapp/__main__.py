"""python -m fieldapp: the same as the command fieldapp."""

from fieldapp.cli import main

main()
