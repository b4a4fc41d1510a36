"""The browser: staff chat and dashboard, rendered on the server.

It shows neutral messages and released figures, and never anything else about a person or a team.
"""
