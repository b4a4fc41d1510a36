"""The browser: staff chat and dashboard, rendered on the server from neutral messages and released values."""
