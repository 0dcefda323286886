"""Services for tests: real servers on the loopback interface that remember what they were asked."""

from tests.services.server import Asked, Reply, Server, Wire
from tests.services.simulation import Simulation
from tests.services.world import World

__all__ = ["Asked", "Reply", "Server", "Simulation", "Wire", "World"]
