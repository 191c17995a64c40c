"""What callers get in a site outage, reported. The rule is domain/simulate/site_outage.py."""
