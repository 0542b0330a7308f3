"""What the machine touches: drivers on real wires, a folder a device class; they know nothing of the kiosk."""
