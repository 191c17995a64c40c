"""Checks, thresholds and alarms. Facts are gathered and alarms sent in actions/health."""
