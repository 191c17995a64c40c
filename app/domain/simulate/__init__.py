"""Calls played without a telephone: transcripts, the proof, and what a site outage leaves."""
