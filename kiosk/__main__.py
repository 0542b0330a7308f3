"""The entry point of `kiosk`: signals are noted before anything else is imported."""

from kiosk.console import heed


def main() -> None:
    """Run the command line."""
    heed.begin()
    from kiosk.cli import app

    app()


if __name__ == "__main__":
    main()
