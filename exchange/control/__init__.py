"""The control API: a telephone in the terminal, a test or the load acts and looks over HTTP."""
