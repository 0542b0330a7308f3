"""The resident register: invented people in their households, and the certified copies drawn from it."""
