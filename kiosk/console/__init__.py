"""How a command behaves where it is typed: signals, display, output folders, progress, endings. Central has it too."""
