"""The outside: Twilio, mail, webhooks, files. No rules, no rows."""
