"""Read requests about pipelines and their versions, and show them."""

from typing import cast

from chalicelib.dialects.flexdeploy.numbers import id_in, ids_in
from chalicelib.dialects.flexdeploy.pipelines import shapes
from chalicelib.http.reply import Json
from chalicelib.http.request import Request
from chalicelib.kernel.definitions.gated.write import written_pipeline
from chalicelib.kernel.installation.shared_pipelines import SharedPipeline
from chalicelib.use_cases.rafts.pipeline_versions import VersionView
from chalicelib.use_cases.rafts.shared_pipelines import (
    ActivateVersion,
    CreatePipeline,
    PipelineQuery,
    SaveVersion,
)


def read_list(request: Request) -> PipelineQuery:
    """Read which pipelines are asked for. Faults: Invalid."""
    return PipelineQuery(origin=request.origin, title=request.query.text("pipelineName") or "")


def read_one(request: Request) -> PipelineQuery:
    """Read which pipeline is asked for. Faults: Invalid."""
    return PipelineQuery(origin=request.origin, id=id_in(request, "pipelineId"))


def read_version(request: Request) -> PipelineQuery:
    """Read which version is asked for. Faults: Invalid."""
    ids = ids_in(request, ("pipelineId", "version"))
    return PipelineQuery(origin=request.origin, id=ids["pipelineId"] or 0, number=ids["version"] or 0)


def read_new(request: Request) -> CreatePipeline:
    """Read a pipeline to create. Faults: Invalid."""
    body = request.body(shapes.NewPipelineBody)
    return CreatePipeline(origin=request.origin, title=body.pipeline_name, definition=body.definition)


def read_new_version(request: Request) -> SaveVersion:
    """Read another version of a pipeline. Faults: Invalid."""
    number = id_in(request, "pipelineId")
    return SaveVersion(origin=request.origin, pipeline=number, definition=_definition(request))


def read_changed_version(request: Request) -> SaveVersion:
    """Read what a draft says anew. Faults: Invalid."""
    ids = ids_in(request, ("pipelineId", "version"))
    return SaveVersion(
        origin=request.origin,
        pipeline=ids["pipelineId"] or 0,
        number=ids["version"] or 0,
        definition=_definition(request),
    )


def read_act(request: Request) -> ActivateVersion:
    """Read which version to activate. Faults: Invalid."""
    ids = ids_in(request, ("pipelineId", "version"))
    request.body(shapes.VersionActBody)
    return ActivateVersion(origin=request.origin, pipeline=ids["pipelineId"] or 0, number=ids["version"] or 0)


def shown(pipeline: SharedPipeline) -> dict[str, Json]:
    """Show a pipeline."""
    return {
        "pipelineId": pipeline.id,
        "pipelineName": pipeline.title,
        "activeVersion": pipeline.active or None,
    }


def shown_version(view: VersionView) -> dict[str, Json]:
    """Show a version of a pipeline with all that it says."""
    return {
        "pipelineId": view.pipeline.id,
        "pipelineVersionId": view.version.id,
        "version": view.version.number,
        "status": view.status.upper(),
        "definition": cast("Json", written_pipeline(view.definition)),
    }


def _definition(request: Request) -> object:
    """Return the document of a version, which may stand under `definition`."""
    document = request.json()
    return document["definition"] if isinstance(document, dict) and "definition" in document else document
