"""The part of Twilio's REST API that the official SDK needs, in its shapes."""
