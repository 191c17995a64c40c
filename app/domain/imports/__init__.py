"""Rosters of other products, read from their exported files as drafts of our documents. Pure."""
