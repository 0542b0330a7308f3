"""Coins and notes in, coins out: acceptor, hoppers and validator as one bus, whatever each of them speaks."""
