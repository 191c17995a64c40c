"""Web pages that a person opens. The API is app/api."""
