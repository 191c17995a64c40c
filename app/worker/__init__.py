"""The process beside the web: sends, rings and fetches what is due."""
