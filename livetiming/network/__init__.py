"""The wire: names, messages, following, the connection to the router, its configuration."""
