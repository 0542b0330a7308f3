"""What both listeners share: limits of requests in bytes and seconds, and failures without a traceback."""
