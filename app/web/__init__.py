"""The doors and the pages. Thin: read the form, call one action or one query, render."""
