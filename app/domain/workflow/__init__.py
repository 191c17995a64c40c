"""Workflows as data: the states of a ticket, and which moves lead from one to another."""
