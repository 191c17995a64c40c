"""The house without its database: what it must know, its journal, the calls on their way."""
