"""Coins in and coins out: an acceptor and a hopper on one ccTalk bus."""
