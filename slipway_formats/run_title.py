"""How runs are called: the address by which people type one, and the title that says what it does."""

BUILD, DEPLOYMENT_JOB, TASK = "build", "deployment-job", "task"


def run_address(kind: str, project: str, environment: str, name: str, number: int) -> str:  # noqa: PLR0917
    """Return what people type to name a run: `shop/delivery#7`, `build:shop/test/hello#3`."""
    # A build and a deployment job of one environment may have one name.
    before = f"{kind}:" if environment else ""
    return before + "/".join(part for part in (project, environment, name) if part) + f"#{number}"


def run_title(kind: str, project: str, environment: str, name: str, number: int) -> str:  # noqa: PLR0917
    """Return what a run does, in words: `Deploy hello to shop/production #4`; of a pipeline its address."""
    address = run_address(kind, project, environment, name, number)
    if not environment:
        return f"Task {address}" if kind == TASK else address
    place = f"{project}/{environment} #{number}"
    words = {DEPLOYMENT_JOB: f"Deploy {name} to {place}", BUILD: f"Build {name} in {place}"}
    return words.get(kind, address)
