"""Coins in and coins out: an acceptor, up to two hoppers and a note validator on one ccTalk bus."""
