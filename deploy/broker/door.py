"""The broker's door: runs mosquitto, shuts out who is revoked, and counts who is turned away.

    python -m deploy.broker.door --config FILE --pki DIR

It looks at the revocation list five times a second. When somebody's certificate has ended, it has mosquitto
read the list (SIGHUP) and ends the session of that name. It ends with mosquitto, and mosquitto with it.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import structlog

from config.clock import Clock, system_clock
from config.errors import ConfigError, LinkError
from config.link import serve_metrics, set_up_logs
from config.settings import Broker, Metrics, Tls
from deploy.broker.broker_log import BrokerLog
from deploy.broker.closing import close_session
from deploy.broker.door_metrics import DoorMetrics
from deploy.broker.standing import Standing

_LOOK_EVERY_S = 0.2
_STOP_WITHIN_S = 20.0
_RELOADED_WITHIN_S = 2.0
_AT_ONCE = 8

_log = structlog.get_logger()


class Door:
    """A running mosquitto and who may be in."""

    def __init__(
        self,
        mosquitto: subprocess.Popen[str],
        services: Broker,
        standing: Standing,
        clock: Clock,
        metrics: DoorMetrics,
    ) -> None:
        self._mosquitto = mosquitto
        self._services = services
        self._standing = standing
        self._clock = clock
        self._metrics = metrics
        self._log = BrokerLog(mosquitto.stderr or [], metrics)
        # mosquitto has begun with the same list, so none of these is in
        self._known = standing.ended(clock())
        metrics.set_ends(standing.ends(clock()))

    def watch(self, stop: Event) -> int:
        """Watch until `stop` is set or mosquitto has ended; 1 where it ended by itself."""
        self._log.start()
        while not stop.wait(_LOOK_EVERY_S) and self._mosquitto.poll() is None:
            self._shut_out(self._newly_ended())
        code = 0 if stop.is_set() else 1
        _end(self._mosquitto)
        self._log.join(_STOP_WITHIN_S)
        _log.info("broker_ended", code=self._mosquitto.returncode)
        return code

    def _newly_ended(self) -> set[str]:
        """Names of whose certificates one has ended since the last look; the broker has read the list."""
        before = self._standing.list_mark
        changed = self._look()
        now = self._clock()
        ended = self._standing.ended(now)
        new = ended.keys() - self._known.keys()
        self._known = ended
        if changed or new:
            self._metrics.set_ends(self._standing.ends(now))
        if new or self._standing.list_mark != before:
            self._reload()
        return {ended[serial] for serial in new}

    def _look(self) -> bool:
        try:
            return self._standing.look()
        except LinkError as error:
            self._metrics.failures.inc()
            _log.error("list_unusable", error=str(error), next="the one read before is kept")
            return False

    def _reload(self) -> None:
        """Have mosquitto read its list again. It forgets TLS sessions that could be taken up without one."""
        self._log.reloaded.clear()
        self._mosquitto.send_signal(signal.SIGHUP)
        if not self._log.reloaded.wait(_RELOADED_WITHIN_S):
            self._metrics.failures.inc()
            _log.error("list_not_read", next="see that mosquitto logs to standard error, and everything")

    def _shut_out(self, names: Iterable[str]) -> None:
        with ThreadPoolExecutor(_AT_ONCE) as closing:
            closing.map(self._close, names)

    def _close(self, name: str) -> None:
        closed = False
        try:
            closed = close_session(self._services, name)
        except ConfigError as error:
            _log.error("door_has_no_key", error=str(error))
        self._metrics.closed.labels("closed" if closed else "failed").inc()
        if closed:
            _log.warning("session_closed", unit=name, why="a certificate of this name has ended")
        else:
            _log.error("session_not_closed", unit=name, next="restart the broker: it asks everybody again")


def main(argv: Sequence[str] | None = None) -> int:
    """Run mosquitto behind its door until SIGTERM or Ctrl-C; 1 where it ended or could not start."""
    arguments = _parser().parse_args(argv)
    set_up_logs("door")
    stop = Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop.set())
    try:
        return _run(arguments, stop)
    except (ConfigError, OSError) as error:
        _log.error("door_cannot_start", error=str(error))
        return 1


def _run(arguments: argparse.Namespace, stop: Event) -> int:
    pki: Path = arguments.pki
    metrics = DoorMetrics()
    standing = Standing(pki)
    if arguments.metrics_port:
        serve_metrics(Metrics(host=arguments.metrics_host, port=arguments.metrics_port), metrics.registry)
    tls = Tls(
        ca_file=str(pki / "ca.pem"),
        certificate_file=str(pki / "centre.door.pem"),
        key_file=str(pki / "centre.door.key"),
    )
    services = Broker(host=arguments.host, port=arguments.port, tls=tls)
    mosquitto = subprocess.Popen(  # noqa: S603  # the program and the file that the operator names
        [arguments.mosquitto, "-c", str(arguments.config)],
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    return Door(mosquitto, services, standing, system_clock, metrics).watch(stop)


def _end(mosquitto: subprocess.Popen[str]) -> None:
    if mosquitto.poll() is None:
        mosquitto.terminate()
        try:
            mosquitto.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            mosquitto.kill()
            mosquitto.wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.broker.door", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="mosquitto's settings")
    parser.add_argument("--pki", type=Path, required=True, help="the certificate authority's folder")
    parser.add_argument("--host", default="127.0.0.1", help="where the services' listener is")
    parser.add_argument("--port", type=int, default=8884)
    parser.add_argument("--metrics-host", default="127.0.0.1")
    parser.add_argument("--metrics-port", type=int, help="where Prometheus metrics are served, if at all")
    parser.add_argument("--mosquitto", default="mosquitto", help="the program")
    return parser


if __name__ == "__main__":
    sys.exit(main())
