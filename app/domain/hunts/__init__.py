"""Who is rung, in which order, how long, in calls and call-outs; and the SMS to the duty."""
