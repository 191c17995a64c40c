"""Who is on duty and when: rosters, rotations, overrides, duty hours and what nobody covers."""
