"""The way to the product: signed requests, retries, time limits, status callbacks."""
