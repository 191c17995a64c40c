"""A restored database made live. What a backup holds is store/backup.py."""
