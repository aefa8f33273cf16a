"""What people do to builds, deployment jobs and pipelines: define, change, remove, trigger."""

from dataclasses import replace

from chalicelib.use_cases.definitions.builds import BuildNamed, SaveBuild, TriggerBuild, remove_build, trigger_build
from chalicelib.use_cases.definitions.deployment_jobs import JobNamed, SaveJob, TriggerJob, remove_job, trigger_job
from chalicelib.use_cases.definitions.lists import (
    build_added,
    build_saved,
    job_added,
    job_saved,
    pipeline_added,
    pipeline_saved,
)
from chalicelib.use_cases.definitions.pipelines import (
    PipelineNamed,
    SavePipeline,
    TriggerPipeline,
    WantedTrigger,
    remove_pipeline,
    trigger_pipeline,
)
from slipway_formats.build_step import BuildStep
from tests.crash.catalog import BUILD, CALL_STEP, JOB, NOOP_STEP, a_calling_pipeline, a_phase, definitions, environments
from tests.crash.stories.story import GONE, Story, an_origin, asking

ASKED = an_origin()
A_BUILD = SaveBuild(
    origin=ASKED,
    project="web",
    environment="staging",
    name="app",
    settings=replace(BUILD, branch="other", steps=(BuildStep(variables={"key": {"secret": "of the build"}}),)),
    private_key="another key",
    escape_auth_token="a token",
)
A_JOB = SaveJob(
    origin=ASKED,
    project="web",
    environment="staging",
    deployment="app",
    settings=replace(JOB, query="1.0", inputs={"password": {"secret": "of the job"}}),
)
CALL_ANEW = replace(CALL_STEP, webhook_url="https://hook.example/?token=def")
STEPS = a_phase(NOOP_STEP, CALL_ANEW, replace(CALL_ANEW, name="another"))
A_PIPELINE = SavePipeline(
    origin=ASKED, project="web", name="release", settings=STEPS, triggers=(WantedTrigger(), WantedTrigger())
)
BUILD_NAMED = BuildNamed(origin=ASKED, project="web", environment="staging", name="app")
JOB_NAMED = JobNamed(origin=ASKED, project="web", environment="staging", deployment="app")
PIPELINE_NAMED = PipelineNamed(origin=ASKED, project="web", name="release")
DEPLOY = TriggerJob(
    origin=ASKED,
    project="web",
    environment="staging",
    deployment="app",
    inputs={"password": {"secret": "of the run"}},
)

STORIES = {
    "add a build": Story(before=environments, act=asking(build_added, A_BUILD), of=(build_added,)),
    "change a build": Story(before=definitions, act=asking(build_saved, A_BUILD), of=(build_saved,)),
    "take a build's key away": Story(
        before=definitions,
        act=asking(build_saved, replace(A_BUILD, private_key="", escape_auth_token=None)),
        of=(build_saved,),
    ),
    "remove a build": Story(
        refusals=GONE, before=definitions, act=asking(remove_build, BUILD_NAMED), of=(remove_build,)
    ),
    "trigger a build": Story(
        before=definitions,
        act=asking(
            trigger_build,
            TriggerBuild(origin=ASKED, project="web", environment="staging", name="app", commit="c0ffee0"),
        ),
        of=(trigger_build,),
    ),
    "add a deployment job": Story(before=environments, act=asking(job_added, A_JOB), of=(job_added,)),
    "change a deployment job": Story(before=definitions, act=asking(job_saved, A_JOB), of=(job_saved,)),
    "remove a deployment job": Story(
        refusals=GONE, before=definitions, act=asking(remove_job, JOB_NAMED), of=(remove_job,)
    ),
    "deploy": Story(before=definitions, act=asking(trigger_job, DEPLOY), of=(trigger_job,)),
    "add a pipeline": Story(before=environments, act=asking(pipeline_added, A_PIPELINE), of=(pipeline_added,)),
    "change a pipeline": Story(before=a_calling_pipeline, act=asking(pipeline_saved, A_PIPELINE), of=(pipeline_saved,)),
    "remove a pipeline": Story(
        refusals=GONE, before=a_calling_pipeline, act=asking(remove_pipeline, PIPELINE_NAMED), of=(remove_pipeline,)
    ),
    "trigger a pipeline": Story(
        before=definitions,
        act=asking(
            trigger_pipeline, TriggerPipeline(origin=ASKED, project="web", name="release", inputs={"why": "so"})
        ),
        of=(trigger_pipeline,),
    ),
}
