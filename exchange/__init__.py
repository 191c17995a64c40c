"""A local telephone network that speaks Twilio's protocol. Imports none of the other rooms."""
