"""A caller's call: menus, keys, forks and what is said. Whom it rings is domain/hunts."""
