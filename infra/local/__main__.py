"""`python -m infra.local`: run the local cloud in the foreground. `slipway up` runs this."""

import argparse
import os
import sys
from collections.abc import Iterator

from infra.local import functions, home, ports, settings
from infra.local.emulator import keys
from infra.local.processes.children import ChildProcess, ChildSpec, server_of, stand_in_of, worker_of
from infra.local.processes.supervisor import Failed, Supervisor
from infra.local.settings import Settings, Unusable
from slipway.runner.sandbox.choice import NoSandboxError, Wanted, chosen
from slipway.runner.sandbox.walls import view_of


def main(arguments: list[str]) -> int:
    """Return the exit code: 0 when stopped by a signal, 1 when it could not start."""
    parser = argparse.ArgumentParser(prog="python -m infra.local", description="Run the platform on this machine.")
    parser.add_argument("--cloud", default=functions.OURS, help="the table of what to run, as module:name")
    asked = parser.parse_args(arguments)
    try:
        here = settings.read(os.environ)
        with home.owned(here.home) as lock:
            home.remove_ready(here.home)
            _refuse_taken_ports(here)
            _supervise(asked.cloud, here, lock)
    except (Unusable, home.Taken, Failed, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _supervise(name: str, here: Settings, lock: int) -> None:
    logs = here.home / "logs"
    logs.mkdir(exist_ok=True)
    processes = [ChildProcess(spec=child, log=logs / f"{child.name}.log", lock=lock) for child in _children(name, here)]
    Supervisor(settings=here, children=processes, on_ready=lambda seconds: _print_table(here, seconds)).run()


def _children(name: str, here: Settings) -> Iterator[ChildSpec]:
    environment = settings.for_children(here, os.environ)
    if not here.elsewhere:
        keys.kept_in(here.home)
        yield stand_in_of(here, environment)
    yield server_of(name, here, environment)
    for worker in functions.cloud_named(name).workers:
        yield worker_of(worker, here, environment)


def _refuse_taken_ports(here: Settings) -> None:
    wanted = [("SLIPWAY_PORT", here.port), *([] if here.elsewhere else [("SLIPWAY_AWS_PORT", here.aws_port)])]
    taken = [(name, port) for name, port in wanted if not ports.is_free(port)]
    if taken:
        lines = [f"port {port} is taken by {ports.holder(port)}; {name} names another" for name, port in taken]
        raise Unusable("\n".join(lines))


def _print_table(here: Settings, seconds: float) -> None:
    rows = (
        ("API", here.api),
        ("Console", f"{here.api}/home  (slipway open)"),
        ("AWS", here.aws_endpoint + ("" if here.elsewhere else "  (stand-in; its key stands in ready.json)")),
        ("Data", str(here.home)),
        ("Logs", str(here.home / "logs")),
        ("Token", f"{here.home / home.READY}  (admin_token)"),
        ("Sandbox", f"{_sandbox(here)}  (of jobs; SLIPWAY_SANDBOX=always or never)"),
    )
    lines = "\n".join(f"  {name:<9}{where}" for name, where in rows)
    print(f"\nSlipway is up after {seconds:.1f} s; Ctrl-C stops it.\n\n{lines}\n", flush=True)


def _sandbox(here: Settings) -> str:
    """In which sandbox the runner's jobs are, found as the runner finds it."""
    work, wanted = here.home / "work", Wanted(os.environ.get("SLIPWAY_SANDBOX") or Wanted.AUTO)
    try:
        return str(chosen(wanted, view_of(here.home, (work,), os.environ, ()), work))
    except NoSandboxError as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
