"""The commands: the only room that knows arguments, terminals and exit codes."""
