"""The family register (가족관계등록부) and the old one before it (호적): what no household tells."""
