"""What the differences between releases are called: the names of Escape's declarations, in their order."""

import pytest

from chalicelib.kernel.releases.diff import difference
from slipway_formats.release import (
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

SCOPES, MAPPING = ("deploy",), {"k": 1}
A_STAGE = ReleaseStage(cmd="c", args=("a",), inline="i", script="s")
A_VARIABLE = Variable(
    id="i",
    type="t",
    default=1,
    description="d",
    friendly="f",
    visible=True,
    options=MAPPING,
    sensitive=True,
    items=1,
    eval_before_dependencies=True,
    scopes=SCOPES,
)
A_DEPENDENCY = Dependency(
    release_id="p/n-v1",
    mapping=MAPPING,
    build_mapping=MAPPING,
    deploy_mapping=MAPPING,
    consumes={"db": "$db"},
    deployment_name="d",
    variable="v",
    scopes=SCOPES,
)
A_DOWNLOAD = Download(
    url="u",
    dest="d",
    overwrite=True,
    if_not_exists=("f",),
    unpack=True,
    platform="p",
    arch="a",
    scopes=SCOPES,
)
A_CONSUMER = Consumer(name="n", scopes=SCOPES, variable="v", skip_activate=True, skip_deactivate=True)
AN_ERRAND = Errand(name="n", description="d", script="s", exec_stage=A_STAGE, inputs=(A_VARIABLE,))
A_TEMPLATE = Template(file="f", target="t", scopes=SCOPES, mapping=MAPPING)


# Source: the table of reference/escape.md 1.7, in the order of Escape's declarations.
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            Metadata(inputs=(Variable(),)),
            Metadata(inputs=(A_VARIABLE,)),
            "Id Type Default Description Friendly Visible Options Sensitive Items EvalBeforeDependencies Scopes",
        ),
        (
            Metadata(consumes=(Consumer(),)),
            Metadata(consumes=(A_CONSUMER,)),
            "Name Scopes VariableName SkipActivate SkipDeactivate",
        ),
        (
            Metadata(depends=(Dependency(),)),
            Metadata(depends=(A_DEPENDENCY,)),
            "ReleaseId Mapping BuildMapping DeployMapping Consumes DeploymentName VariableName Scopes"
            " Project Name Version",
        ),
        (
            Metadata(depends=(Dependency(release_id="p/n:t"),)),
            Metadata(depends=(Dependency(release_id="p/n:u"),)),
            "ReleaseId Tag",
        ),
        (
            Metadata(downloads=(Download(),)),
            Metadata(downloads=(A_DOWNLOAD,)),
            "URL Dest OverwriteExistingDest IfNotExists Unpack Platform Arch Scopes",
        ),
        (
            Metadata(errands={"e": Errand()}),
            Metadata(errands={"e": AN_ERRAND}),
            "Name Description Script Run Inputs",
        ),
        (
            Metadata(stages={"build": ReleaseStage()}),
            Metadata(stages={"build": A_STAGE}),
            "Cmd Args Inline RelativeScript",
        ),
        (Metadata(templates=(Template(),)), Metadata(templates=(A_TEMPLATE,)), "File Target Scopes Mapping"),
        (Metadata(extends=(Extension(),)), Metadata(extends=(Extension(release_id="a"),)), "ReleaseId"),
        (Metadata(provides=(Provider(),)), Metadata(provides=(Provider(name="a"),)), "Name"),
    ],
)
def test_every_field_of_a_record_has_escapes_name_and_place(old: Metadata, new: Metadata, told: str) -> None:
    assert [change.path[2] for change in difference(old, new)] == [f".{name}" for name in told.split()]


def test_every_field_of_a_release_has_escapes_name_and_place() -> None:
    texts = (
        "built_with_core_version built_with_escape_version description license logo name repository branch"
        " git_revision revision_message revision_author version project"
    )
    new = Metadata(
        **dict.fromkeys(texts.split(), "x"),
        api_version=1,
        files={"a": "b"},
        metadata={"a": "b"},
        generates=("a",),
        consumes=(A_CONSUMER,),
        downloads=(A_DOWNLOAD,),
        depends=(A_DEPENDENCY,),
        errands={"e": AN_ERRAND},
        extends=(Extension(),),
        inputs=(A_VARIABLE,),
        outputs=(A_VARIABLE,),
        provides=(Provider(),),
        stages={"build": A_STAGE},
        templates=(A_TEMPLATE,),
        variable_context={"a": "b"},
    )
    told = (
        "ApiVersion BuiltWithCoreVersion BuiltWithEscapeVersion Description Files License Logo Name Repository Branch"
        " Revision RevisionMessage RevisionAuthor Metadata Version Generates Consumes Downloads Depends Errands Extends"
        " Inputs Outputs Project Provides Stages Templates VariableCtx"
    )
    assert [change.path for change in difference(Metadata(), new)] == [(name,) for name in told.split()]
