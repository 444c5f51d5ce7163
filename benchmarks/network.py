"""Two networks on one machine: hosts as network namespaces, whose cables can be pulled out (Linux, as root)."""

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Network
from uuid import uuid4

from benchmarks.errors import BenchmarkError

ADDRESSES = IPv4Network("198.18.0.0/15")
"""For benchmarks of networks (RFC 2544), so nobody else has them."""
NETWORK = random.choice(list(ADDRESSES.subnets(new_prefix=24)))  # noqa: S311  not for security
"""Another one in each process, so that two of them don't end each other's."""
SERVICES = str(NETWORK[1])
"""Where all hosts reach what they share; an address of this machine."""


@dataclass(frozen=True)
class Host:
    """A network namespace with one cable, to this machine."""

    name: str
    address: str
    cable: str
    """The name of the end that is here."""

    def command(self, *command: str) -> list[str]:
        """One that runs there."""
        return ["ip", "netns", "exec", self.name, *command]

    def cut_off(self) -> None:
        ip("link", "set", self.cable, "down")

    def connect(self) -> None:
        ip("link", "set", self.cable, "up")


@contextmanager
def hosts(count: int) -> Iterator[list[Host]]:
    """Raises BenchmarkError where there is no right to make any."""
    if os.getuid() != 0 or shutil.which("ip") is None:
        raise BenchmarkError("Hosts as network namespaces need Linux, root and iproute2.")
    prefix = f"fs{uuid4().hex[:6]}"
    with ExitStack() as stack:
        ip("address", "add", f"{SERVICES}/32", "dev", "lo")
        stack.callback(ip, "address", "delete", f"{SERVICES}/32", "dev", "lo")
        # Without a cable nobody else may get, and answer, what is sent to a host.
        ip("route", "add", "unreachable", str(NETWORK))
        stack.callback(ip, "route", "delete", "unreachable", str(NETWORK))
        yield [stack.enter_context(host(f"{prefix}{number}", number)) for number in range(1, count + 1)]


@contextmanager
def host(name: str, number: int) -> Iterator[Host]:
    here, there = str(NETWORK[4 * number + 1]), str(NETWORK[4 * number + 2])
    made = Host(name, there, f"{name}c")
    ip("netns", "add", name)
    try:
        ip("link", "add", made.cable, "type", "veth", "peer", "name", "eth0", "netns", name)
        ip("address", "add", f"{here}/30", "dev", made.cable)
        ip("link", "set", made.cable, "up")
        for command in (
            ["link", "set", "lo", "up"],
            ["address", "add", f"{there}/30", "dev", "eth0"],
            ["link", "set", "eth0", "up"],
            ["route", "add", "default", "via", here],
        ):
            ip("-n", name, *command)
        yield made
    finally:
        # The cable goes with it.
        ip("netns", "delete", name)


def ip(*arguments: str) -> None:
    """Raises BenchmarkError."""
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)  # noqa: S607
    if done.returncode:
        raise BenchmarkError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
