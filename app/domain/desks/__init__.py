"""What a desk is: lines, agreements, ceilings, retention. Its file is read in domain/config."""
