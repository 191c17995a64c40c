"""The REST API with its OpenAPI description. Thin: check the token, ask, word the answer."""
