"""`vakt explain` and `vakt prove`: calls simulated on the live documents. Changes nothing."""
