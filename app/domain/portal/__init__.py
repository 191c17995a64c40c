"""The customers' portal: its accounts, its forms, what it may show."""
