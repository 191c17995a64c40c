"""The menus as tables, a key a line: the caller's, the called person's, a number verification's."""
