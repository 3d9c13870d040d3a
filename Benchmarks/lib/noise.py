"""How much of the machine's time went to work that is none of ours: what tells a clean run from a disturbed one."""
import os
import pathlib
import resource
import time


class Noise:
    """Counts from its creation on. Only children that have ended and been waited for are known as ours."""

    def __init__(self):
        self.began, self.busy, self.own = time.monotonic(), busy_seconds(), own_seconds()

    def share(self):
        """The part of all cores' time that others took, from 0 to 1."""
        passed = (time.monotonic() - self.began) * os.cpu_count()
        return max(0.0, busy_seconds() - self.busy - (own_seconds() - self.own)) / passed


def busy_seconds():
    """Time that all cores together were not idle since the machine started, stolen time included."""
    words = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    user, nice, system, _, _, irq, softirq, steal = (int(word) for word in words)
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def own_seconds():
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
