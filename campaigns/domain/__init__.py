"""Pure rules: values in, values out; `now`, chance and settings are arguments."""
