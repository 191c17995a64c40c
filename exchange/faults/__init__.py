"""Faults that can be switched on. Says which strikes; those who commit them stand elsewhere."""
