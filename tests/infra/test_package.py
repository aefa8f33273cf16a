"""What goes into the zips, and that the same goes into them always."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from botocore.loaders import Loader
from botocore.session import Session

from infra.package import archive, build, check, dependencies, lock, stage, trim
from tests.infra.conftest import KEPT

LOCK = """# how it was made
alpha==1.0 \\
    --hash=sha256:aa
    # via slipway (pyproject.toml)
beta-two==2.0 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via
    #   alpha
    #   pytest
chalice==1.34.0 \\
    --hash=sha256:dd
    # via slipway (pyproject.toml)
pytest==9 \\
    --hash=sha256:ee
    # via slipway (pyproject.toml)
wheel==1 \\
    --hash=sha256:ff
    # via chalice
"""
PROJECT = '[project]\ndependencies = ["Alpha==1.0", "chalice==1.34.0"]\n'


def test_a_function_gets_what_the_project_needs_and_what_that_needs_with_hashes() -> None:
    wanted = lock.runtime_requirements(LOCK, PROJECT)
    assert re.findall(r"^\S+(?===)", wanted, re.MULTILINE) == ["alpha", "beta-two", "chalice"]
    assert "--hash=sha256:bb \\\n    --hash=sha256:cc\n" in wanted
    assert "#" not in wanted


def test_cryptography_is_packaged_only_for_who_believes_an_outside_issuer() -> None:
    pins, project = (stage.ROOT / "requirements.lock").read_text(), (stage.ROOT / "pyproject.toml").read_text()
    usual, more = (lock.runtime_requirements(pins, project, believes_issuer=told) for told in (False, True))
    assert ("pyjwt==" in usual, "cryptography==" in usual) == (True, False)
    assert ("pyjwt==" in more, "cryptography==" in more) == (True, True)


def test_a_dependency_without_a_pin_is_told_by_name() -> None:
    with pytest.raises(lock.Unlocked, match=r"gamma-three.*make lock"):
        lock.runtime_requirements(LOCK, '[project]\ndependencies = ["Gamma.Three>=1"]\n')


def test_without_index_and_wheels_the_build_says_what_it_misses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(dependencies.Unfetched, match=r"needs the package index[\s\S]*six"):
        dependencies.installed("six==1.17.0 --hash=sha256:00\n", "arm64", tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []


def test_what_botocore_calls_keeps_its_data() -> None:
    called = {service for source in (stage.ROOT / "chalicelib").rglob("*.py") for service in _called(source)}
    assert called - {"dynamodb", "sqs"} == trim.SERVICES


def test_no_function_imports_what_is_for_operators() -> None:
    sources = [path.read_text() for folder in stage.PACKAGES for path in (stage.ROOT / folder).rglob("*.py")]
    assert not re.findall(r"^\s*(?:import|from) (?:boto3|s3transfer).*", "\n".join(sources), re.MULTILINE)


def test_clients_are_made_of_what_the_zip_keeps_of_their_models(built: build.Built, tmp_path: Path) -> None:
    with ZipFile(built.archive) as packed:
        packed.extractall(tmp_path, [name for name in packed.namelist() if name.startswith("botocore/data/")])
    session = Session()
    kept = Loader(extra_search_paths=[str(tmp_path / "botocore" / "data")], include_default_search_paths=False)
    session.register_component("data_loader", kept)
    keys = {"region_name": "us-east-1", "aws_access_key_id": "AKID", "aws_secret_access_key": "kept"}

    clients = {name: session.create_client(name, **keys) for name in trim.SERVICES}

    address = clients["s3"].generate_presigned_url("get_object", Params={"Bucket": "packages", "Key": "a"})
    assert "X-Amz-Signature=" in address or "Signature=" in address
    models = [client.meta.service_model for client in clients.values()]
    assert all(model.operation_model(name).input_shape for model in models for name in model.operation_names)


def test_the_zips_are_within_their_budget(built: build.Built) -> None:
    assert built.archive.stat().st_size <= build.LARGEST
    assert built.pages.stat().st_size <= build.LARGEST


def test_the_pages_have_a_zip_of_their_own_and_the_api_pays_nothing_for_them(built: build.Built) -> None:
    others, own = (set(ZipFile(zipped).namelist()) for zipped in (built.archive, built.pages))
    console = "chalicelib/dialects/console/"
    assert {f"{console}routes.pyc", f"{console}frame/shell.html", "chalicelib/functions/pages.pyc"} <= own - others
    assert "jinja2/environment.pyc" in own - others
    assert not [name for name in others if name.startswith(("jinja2/", "markupsafe/", console))]
    assert {name.split("/")[2] for name in own if name.startswith("chalicelib/dialects/")} == {
        "__init__.pyc",
        "console",
        "mounted.pyc",
    }


def test_the_zip_holds_our_code_with_bytecode_and_of_others_what_runs(built: build.Built) -> None:
    names = set(ZipFile(built.archive).namelist())
    assert {"app.py", "__pycache__/app.cpython-311.pyc", "chalicelib/wiring.pyc"} <= names
    assert {"slipway_formats/__init__.pyc", "slipway_formats/version.pyc"} <= names
    assert {name for name in names if name.startswith("chalice/")} == {"chalice/__init__.pyc", "chalice/app.pyc"}
    services = {name.split("/")[2] for name in names if name.startswith("botocore/data/") and name.count("/") > 2}
    assert services == trim.SERVICES
    unwanted = ("boto3/", "s3transfer/", "infra/", "slipway/", "tests/", "pydantic/v1/", "pip/", "click/", "moto/")
    assert not [name for name in names if name.startswith(unwanted) or ".dist-info/" in name or "/tests/" in name]


def test_two_builds_of_one_checkout_are_the_same_bytes(built: build.Built, tmp_path: Path) -> None:
    again = build.build(tmp_path, "x86_64", KEPT)
    assert again.pages.read_bytes() == built.pages.read_bytes()
    assert again.archive.read_bytes() == built.archive.read_bytes()
    assert again.template.read_bytes() == built.template.read_bytes()


def test_an_archive_does_not_tell_when_and_from_where_files_came(tmp_path: Path) -> None:
    for place, names in (("one", ("b", "a")), ("two", ("a", "b"))):
        (tmp_path / place).mkdir()
        for name in names:
            (tmp_path / place / name).write_text(name)
        archive.write({tmp_path / f"{place}.zip": bool}, (tmp_path / place,))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_every_function_loads_from_the_zip_alone_and_none_loads_rows_before_they_are_asked(built: build.Built) -> None:
    loaded = {one.module: one.modules for one in check.check(built, rounds=1)}
    assert {"chalice", "chalicelib.http.site.lazy_site"} <= loaded["app"]
    assert not loaded["app"] & {"pydantic", "chalicelib.dialects.platform.runs.routes"}
    assert "jinja2" in loaded["chalicelib.functions.pages"]
    assert not loaded["chalicelib.functions.advance"] & {"botocore", "boto3", "pynamodb"}


def test_a_zip_that_lacks_a_module_is_unfit(built: build.Built, tmp_path: Path) -> None:
    poor = tmp_path / "poor.zip"
    with ZipFile(built.archive) as whole, ZipFile(poor, "w") as less:
        for name in whole.namelist():
            if "kernel/engine" not in name and "kernel/__pycache__/engine" not in name:
                less.writestr(name, whole.read(name))
    with pytest.raises(check.Unfit, match="engine"):
        check.check(replace(built, archive=poor), rounds=1)


def test_a_zip_that_lacks_rows_is_unfit(built: build.Built, tmp_path: Path) -> None:
    poor = tmp_path / "poor.zip"
    with ZipFile(built.archive) as whole, ZipFile(poor, "w") as less:
        for name in whole.namelist():
            if "dialects/inventory/links" not in name:
                less.writestr(name, whole.read(name))
    with pytest.raises(check.Unfit, match="links"):
        check.check(replace(built, archive=poor), rounds=1)


def test_the_api_without_pages_refuses_their_paths_as_any_and_documents_what_it_serves(
    built: build.Built, tmp_path: Path
) -> None:
    ZipFile(built.archive).extractall(tmp_path)
    lines = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})",
        "import app",
        "from chalicelib.http.raw_request import RawRequest",
        "def ask(path):",
        "    return app.site.serve(RawRequest(method='GET', path=path, query={}, headers={}, content=b'', id='1'))",
        "assert [ask(path).status for path in ('/home', '//runs', '/homework')] == [404, 404, 404]",
        "assert ask('/openapi.json').status == 200",
    )
    command = [sys.executable, "-I", "-S", "-c", "\n".join(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=check.ENVIRONMENT)
    assert done.returncode == 0, done.stderr


def test_the_command_refuses_an_architecture_that_lambda_does_not_have() -> None:
    command = [sys.executable, "-m", "infra.package", "--architecture", "sparc"]
    done = subprocess.run(command, cwd=stage.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "arm64" in done.stderr


def _called(source: Path) -> Iterator[str]:
    text = source.read_text()
    yield from re.findall(r"\.(?:call|client)\(\s*\"([a-z0-9]+)\"", text)
    yield from re.findall(r"^SERVICE = \"([a-z]+)\"", text, re.MULTILINE)
