"""ccTalk: coin acceptor, hoppers and bill validator on one wire."""
