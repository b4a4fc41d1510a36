"""Everything people talk to: the browser, the chat, the command line; it holds no rules of its own."""
