"""How long speech and audio last, and the tone that stands for a voice."""
