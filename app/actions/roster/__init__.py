"""Roster entries added and withdrawn; who is on duty. The rules are domain/roster."""
