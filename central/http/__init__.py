"""What both listeners share: requests with an end in bytes and seconds, and failures without a traceback."""
