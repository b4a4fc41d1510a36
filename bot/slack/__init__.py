"""Slack as a chat: what it sends us and what it is sent; the pages know nothing of it."""
