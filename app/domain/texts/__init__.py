"""How things are worded: the catalogue in three languages, moments, and what fits an SMS."""
