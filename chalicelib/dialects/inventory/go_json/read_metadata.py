"""How a release's metadata is read, as Escape's core does. Which may be registered the kernel says."""

from chalicelib.dialects.inventory.go_json.fields import Fields, fields_of
from chalicelib.dialects.inventory.go_json.read import GoError, read_whole
from chalicelib.kernel.releases.check import refused
from chalicelib.kernel.releases.release import (
    API_VERSION,
    CORE_VERSION,
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


def read_metadata(content: bytes) -> Metadata | None:
    """The metadata in a body; nothing for null. Faults: Invalid, in Escape's words; TooLarge."""
    try:
        value = read_whole(content)
        return None if value is None else _metadata(fields_of(value, "core.ReleaseMetadata"))
    except GoError as error:
        raise refused(f"Couldn't unmarshal JSON release metadata: {error}") from error


def _metadata(fields: Fields) -> Metadata:
    return Metadata(
        api_version=fields.whole("api_version", API_VERSION),
        built_with_core_version=fields.text("built_with_core_version", CORE_VERSION),
        built_with_escape_version=fields.text("built_with_escape_version"),
        description=fields.text("description"),
        files=fields.text_map("files", {}),
        license=fields.text("license"),
        logo=fields.text("logo"),
        name=fields.text("name"),
        repository=fields.text("repository"),
        branch=fields.text("branch"),
        # The seed prints the name with a slip; clients send it right.
        git_revision=fields.text("git_revision") or fields.text("gt_revision"),
        revision_message=fields.text("revision_message"),
        revision_author=fields.text("revision_author"),
        metadata=fields.text_map("metadata", {}),
        version=fields.text("version"),
        generates=fields.texts("generates", ()),
        consumes=fields.each("consumes", "core.ConsumerConfig", _consumer),
        downloads=fields.each("downloads", "core.DownloadConfig", _download, listed=False),
        depends=fields.each("depends", "core.DependencyConfig", _dependency),
        errands=fields.named("errands", "core.Errand", _errand),
        extends=fields.each("extends", "core.ExtensionConfig", _extension),
        inputs=fields.each("inputs", "variables.Variable", _variable),
        outputs=fields.each("outputs", "variables.Variable", _variable),
        project=fields.text("project"),
        provides=fields.each("provides", "core.ProviderConfig", _provider),
        stages=fields.named("stages", "core.ExecStage", _stage),
        templates=fields.each("templates", "templates.Template", _template),
        variable_context=fields.text_map("variable_context", {}),
    )


def _consumer(fields: Fields) -> Consumer:
    return Consumer(
        name=fields.text("name"),
        scopes=fields.texts("scopes"),
        variable=fields.text("variable"),
        skip_activate=fields.flag("skip_activate"),
        skip_deactivate=fields.flag("skip_deactivate"),
    )


def _download(fields: Fields) -> Download:
    return Download(
        url=fields.text("url"),
        dest=fields.text("dest"),
        overwrite=fields.flag("overwrite"),
        if_not_exists=fields.texts("if_not_exists"),
        unpack=fields.flag("unpack"),
        platform=fields.text("platform"),
        arch=fields.text("arch"),
        scopes=fields.texts("scopes"),
    )


def _dependency(fields: Fields) -> Dependency:
    return Dependency(
        release_id=fields.text("release_id"),
        mapping=fields.free_map("mapping"),
        build_mapping=fields.free_map("build_mapping"),
        deploy_mapping=fields.free_map("deploy_mapping"),
        consumes=fields.text_map("consumes"),
        deployment_name=fields.text("deployment_name"),
        variable=fields.text("variable"),
        scopes=fields.texts("scopes"),
    )


def _errand(fields: Fields) -> Errand:
    return Errand(
        name=fields.text("name"),
        description=fields.text("description"),
        script=fields.text("script"),
        exec_stage=fields.one("exec_stage", "core.ExecStage", _stage),
        inputs=fields.each("inputs", "variables.Variable", _variable, listed=False),
    )


def _extension(fields: Fields) -> Extension:
    return Extension(release_id=fields.text("release_id"))


def _provider(fields: Fields) -> Provider:
    return Provider(name=fields.text("name"))


def _variable(fields: Fields) -> Variable:
    return Variable(
        id=fields.text("id"),
        type=fields.text("type"),
        default=fields.free("default"),
        description=fields.text("description"),
        friendly=fields.text("friendly"),
        visible=fields.flag("visible"),
        options=fields.free_map("options"),
        sensitive=fields.flag("sensitive"),
        items=fields.free("items"),
        eval_before_dependencies=fields.flag("eval_before_dependencies"),
        scopes=fields.texts("scopes"),
    )


def _stage(fields: Fields) -> ReleaseStage:
    return ReleaseStage(
        cmd=fields.text("cmd"),
        args=fields.texts("args"),
        inline=fields.text("inline"),
        script=fields.text("script"),
    )


def _template(fields: Fields) -> Template:
    return Template(
        file=fields.text("file"),
        target=fields.text("target"),
        scopes=fields.texts("scopes"),
        mapping=fields.free_map("mapping"),
    )
