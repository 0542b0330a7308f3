"""Money and paper: the saga of one order, pure. Nothing here touches a device, a network or a clock."""
