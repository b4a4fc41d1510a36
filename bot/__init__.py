"""Everything people talk to: chat, browser, command line; it holds no rules of its own."""
