"""Drivers of the devices on real wires, one folder for each device class; they know nothing of the kiosk."""
