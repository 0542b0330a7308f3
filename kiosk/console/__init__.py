"""How a command behaves in its terminal: signals, display, output folders, progress, endings. Central has it too."""
