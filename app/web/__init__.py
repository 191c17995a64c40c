"""Twilio's webhooks, health, metrics and pages. Thin: read the form, call one action, render."""
