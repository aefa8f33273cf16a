"""How a release's metadata is shown: Escape's fields in Escape's order, what it leaves out when empty left out."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from chalicelib.dialects.inventory.go_json.write import in_order
from chalicelib.http.reply import Json
from chalicelib.kernel.releases.release import (
    Consumer,
    Dependency,
    Download,
    Errand,
    Extension,
    Metadata,
    Provider,
    ReleaseStage,
    Template,
    Variable,
)

Record = TypeVar("Record")


def shown_metadata(metadata: Metadata) -> dict[str, Json]:
    """The metadata as clients read it."""
    return {
        **_head(metadata),
        "generates": in_order(metadata.generates),
        "consumes": _each(_consumer, metadata.consumes),
        "downloads": _each(_download, metadata.downloads),
        "depends": _each(_dependency, metadata.depends),
        "errands": _named(_errand, metadata.errands),
        "extends": _each(_extension, metadata.extends),
        "inputs": _each(_variable, metadata.inputs),
        "outputs": _each(_variable, metadata.outputs),
        "project": metadata.project,
        "provides": _each(_provider, metadata.provides),
        "stages": _named(_stage, metadata.stages),
        "templates": _each(_template, metadata.templates),
        "variable_context": in_order(metadata.variable_context),
    }


def shown_part(part: object) -> Json:
    """A download, an errand or a stage alone."""
    match part:
        case Download():
            return _download(part)
        case Errand():
            return _errand(part)
        case ReleaseStage():
            return _stage(part)
        case _:
            raise TypeError(f"{type(part).__name__} is not shown alone")


def _head(metadata: Metadata) -> dict[str, Json]:
    return {
        "api_version": metadata.api_version,
        "built_with_core_version": metadata.built_with_core_version,
        "built_with_escape_version": metadata.built_with_escape_version,
        "description": metadata.description,
        "files": in_order(metadata.files),
        "license": metadata.license,
        "logo": metadata.logo,
        "name": metadata.name,
        "repository": metadata.repository,
        "branch": metadata.branch,
        "git_revision": metadata.git_revision,
        "gt_revision": metadata.git_revision,
        "revision_message": metadata.revision_message,
        "revision_author": metadata.revision_author,
        "metadata": in_order(metadata.metadata),
        "version": metadata.version,
    }


def _consumer(consumer: Consumer) -> Json:
    return {
        "name": consumer.name,
        "scopes": in_order(consumer.scopes),
        "variable": consumer.variable,
        "skip_activate": consumer.skip_activate,
        "skip_deactivate": consumer.skip_deactivate,
    }


def _download(download: Download) -> Json:
    return {
        "url": download.url,
        "dest": download.dest,
        "overwrite": download.overwrite,
        "if_not_exists": in_order(download.if_not_exists),
        "unpack": download.unpack,
        "platform": download.platform,
        "arch": download.arch,
        "scopes": in_order(download.scopes),
    }


def _dependency(dependency: Dependency) -> Json:
    return {
        "release_id": dependency.release_id,
        "mapping": in_order(dependency.mapping),
        "build_mapping": in_order(dependency.build_mapping),
        "deploy_mapping": in_order(dependency.deploy_mapping),
        "consumes": in_order(dependency.consumes),
        "deployment_name": dependency.deployment_name,
        "variable": dependency.variable,
        "scopes": in_order(dependency.scopes),
    }


def _errand(errand: Errand) -> Json:
    return {
        "name": errand.name,
        "description": errand.description,
        "script": errand.script,
        "exec_stage": None if errand.exec_stage is None else _stage(errand.exec_stage),
        "inputs": _each(_variable, errand.inputs),
    }


def _extension(extension: Extension) -> Json:
    return {"release_id": extension.release_id}


def _provider(provider: Provider) -> Json:
    return {"name": provider.name}


def _variable(variable: Variable) -> Json:
    return {
        "id": variable.id,
        "type": variable.type,
        **({} if variable.default is None else {"default": in_order(variable.default)}),
        **_said({"description": variable.description, "friendly": variable.friendly}),
        "visible": variable.visible,
        **_said({"options": in_order(variable.options), "sensitive": variable.sensitive}),
        "items": in_order(variable.items),
        "eval_before_dependencies": variable.eval_before_dependencies,
        "scopes": in_order(variable.scopes),
    }


def _stage(stage: ReleaseStage) -> Json:
    return _said({"cmd": stage.cmd, "args": in_order(stage.args), "inline": stage.inline, "script": stage.script})


def _template(template: Template) -> Json:
    return {
        "file": template.file,
        "target": template.target,
        "scopes": in_order(template.scopes),
        "mapping": in_order(template.mapping),
    }


def _said(fields: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in fields.items() if value}


def _each(show: Callable[[Record], Json], records: Iterable[Record] | None) -> Json:
    return None if records is None else [show(record) for record in records]


def _named(show: Callable[[Record], Json], records: Mapping[str, Record] | None) -> Json:
    return None if records is None else {name: show(record) for name, record in sorted(records.items())}
