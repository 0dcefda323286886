"""Services for tests: real servers on the loopback interface that remember what they were asked."""

from tests.services.server import Asked, Reply, Server, Wire

__all__ = ["Asked", "Reply", "Server", "Wire"]
