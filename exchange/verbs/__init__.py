"""The verbs of a voice document carried out, one file each; run_document.py goes through them."""
