"""Money and paper: the saga of one order. Pure: nothing here touches a device, a network or a clock."""
