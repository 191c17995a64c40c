"""The commands of `vakt`, a file each: read the words, call one action, print. No rules."""
