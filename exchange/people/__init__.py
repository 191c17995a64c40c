"""What people do at their telephones: callers by script, callees by persona."""
