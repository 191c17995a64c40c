"""Twilio's webhooks as Flask routes. What a form says is read in gateways/twilio/inbound.py."""
