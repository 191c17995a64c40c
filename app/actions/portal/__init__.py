"""The customers' portal: accounts asked for, people managed, cases opened."""
