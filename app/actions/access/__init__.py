"""API tokens made and checked. Their rows are store/tokens.py."""
