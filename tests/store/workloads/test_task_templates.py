"""Templates of tasks: the same of the fake and of S3."""

import pytest

from chalicelib.aws.calls import Aws
from chalicelib.store.workloads.task_templates import S3TaskTemplates
from chalicelib.use_cases.ports.task_templates import TaskTemplates, TemplateKind
from infra import resources
from tests.fakes.task_templates import FakeTaskTemplates


@pytest.fixture(params=["fake", "store"])
def templates(request: pytest.FixtureRequest) -> TaskTemplates:
    if request.param == "fake":
        return FakeTaskTemplates()
    aws: Aws = request.getfixturevalue("aws")
    prefix: str = request.getfixturevalue("prefix")
    resources.create_bucket(aws, prefix)
    return S3TaskTemplates(aws=aws, bucket=f"{prefix}{resources.BUCKET}")


def test_a_template_is_found_by_its_kind_and_name_and_replaced(templates: TaskTemplates) -> None:
    templates.save(TemplateKind.TASK, "job.json", '{"name": "é"}')
    templates.save(TemplateKind.TASK, "job.json", '{"name": "b"}')
    templates.save(TemplateKind.TASK, "a.json", "{}")
    templates.save(TemplateKind.PIPELINE, "run.json", "{}")

    assert templates.find_template(TemplateKind.TASK, "job.json") == '{"name": "b"}'
    assert templates.find_template(TemplateKind.PIPELINE, "job.json") is None
    assert list(templates.names(TemplateKind.TASK)) == ["a.json", "job.json"]
    assert list(templates.names(TemplateKind.PIPELINE)) == ["run.json"]


def test_there_may_be_no_templates(templates: TaskTemplates) -> None:
    assert list(templates.names(TemplateKind.PIPELINE)) == []
