"""Twilio's webhooks as Flask routes. What is refused is request_validation.py;
what a form says is read in gateways/twilio/inbound.py.
"""
