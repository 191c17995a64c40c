"""Call-outs begun, taken on and imported. When one is due is domain/callouts/next_call_out.py."""
