"""Buildings: what stands on the town's lots, and the records that three registers keep of it."""
