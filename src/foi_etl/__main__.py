"""`python -m foi_etl` is `foi-etl`."""

from foi_etl.cli.app import main

main()
