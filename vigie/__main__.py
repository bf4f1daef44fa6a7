"""Allow `python -m vigie`."""

from vigie.interfaces.cli.main import run

if __name__ == "__main__":
    run()
