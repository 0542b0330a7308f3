"""The receipt printer: text in CP949, a QR code, a cut, and the proof that all of it was printed."""
