"""Hours of duty per person, counted by the functions that route calls; each says how.

What is counted is a report, never a judgement of law. Values and calculations only.
"""
