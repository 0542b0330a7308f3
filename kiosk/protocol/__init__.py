"""The messages between the programs, and between courier and central. Pure types and codecs, no I/O."""
