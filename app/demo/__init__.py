"""The demo: the whole product and a telephone network on this machine, thrown away afterwards."""
