"""An invented agency that lives through twelve weeks of change; nothing in it is real."""
