"""The same document as two other libraries set it: programs of their own, run in the environment that has them."""
