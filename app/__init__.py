"""Vaktlinje: a telephone line for service desks and their duty."""
