"""SMS that came in, and how messages and recordings fare. Sending is actions/outbox."""
