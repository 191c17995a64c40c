"""What the network writes down: calls, what happened in them, queues, messages, recordings."""
