"""Is everything ready to go live? Facts are gathered, then judged by pure checks.

Nothing is changed. The order of the checks is checklist.py; what is printed how, the command.
"""
