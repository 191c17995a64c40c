"""How things are worded: texts in three languages, moments, SMS letters, told calls."""
