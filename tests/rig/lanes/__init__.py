"""`--lanes N`: several files of tests at a time, each share of them in a fork of one process that has loaded all."""
