"""Jobs of the outbox done, tried again and given up. The only actions that reach a gateway."""
