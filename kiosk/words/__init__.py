"""Every word that a citizen reads or hears, one file a language, for screen, voice and paper. Pure."""
