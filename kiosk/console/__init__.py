"""How a command behaves where somebody typed it: signals, output folders, progress, endings. Central has it too."""
