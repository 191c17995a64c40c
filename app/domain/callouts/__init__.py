"""Call-outs: when one is made, and what those hear who are rung. Whom it rings is domain/hunts."""
