"""The dock: a control panel beside the kiosk for the hands that a desk machine lacks."""
