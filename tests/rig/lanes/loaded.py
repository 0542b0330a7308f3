"""What the forks of a run have loaded already: the product and its libraries, compiled and imported once for all."""

import contextlib
import importlib
import pkgutil

PACKAGES = ("kiosk", "central", "drivers", "simulators")
# Not these: what acts when it is imported, what has libraries of its own, what declares types to Qt.
_LEFT_OUT = ("__main__", "migrations", "rivals", "dock")


def load() -> None:
    """Import all modules of the product but those that are run. Nothing of Qt's beyond what its plugin loads itself."""
    for package in PACKAGES:
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not any(name in found.name.split(".") for name in _LEFT_OUT):
                with contextlib.suppress(Exception):  # its own tests say why it can't be
                    importlib.import_module(found.name)
