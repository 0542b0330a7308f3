"""`python -m central`: the `central` command."""

from central.cli import app

if __name__ == "__main__":
    app()
