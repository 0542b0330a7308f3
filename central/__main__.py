"""The entry point of `central`: signals are noted before anything else is imported."""

from kiosk.console import heed


def main() -> None:
    """Run the command line."""
    heed.begin()
    from central.cli import app

    app()


if __name__ == "__main__":
    main()
