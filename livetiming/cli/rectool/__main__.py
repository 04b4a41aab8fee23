"""`python -m livetiming.cli.rectool`."""

from livetiming.cli.rectool import main

main(prog_name="livetiming-rectool")
