"""The REST API's routes by noun, and its fields (models.py). No rules, no SQL."""
