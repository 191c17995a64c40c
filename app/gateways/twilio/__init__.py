"""Twilio: forms and signature in, TwiML and REST out. No decisions; mail is gateways/mail.py."""
