"""The verbs of a voice document carried out, one file each; walk.py leads from one to the next."""
