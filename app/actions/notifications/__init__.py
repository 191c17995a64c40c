"""What a desk's inbox is sent: mails, events, digests. The words are mail.toml and inbox.toml."""
