"""From a fresh clone to a running service on one machine: interpreter, packages, servers, processes. Not deployed."""
