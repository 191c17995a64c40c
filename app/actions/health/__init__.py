"""The auditor, and alarms sent. What is wrong from when on is domain/health/thresholds.py."""
