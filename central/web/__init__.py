"""Pages for people: the verification of a document and the fleet."""
