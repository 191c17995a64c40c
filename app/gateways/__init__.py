"""The telephone and the mailbox: Twilio in, TwiML out, messages sent."""
