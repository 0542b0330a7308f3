"""What the municipality owes to people, and the cases in which a person has to decide."""
