"""Create or update a stack by a change set, and wait for it."""

import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError, WaiterError

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
GONE_IF_FAILED = {"OnStackFailure": "DELETE"}
NOTHING_CHANGED = ("didn't contain changes", "No updates are to be performed")
UNDECIDED = frozenset({"REVIEW_IN_PROGRESS", "DELETE_COMPLETE"})
NEVER_MADE = "ROLLBACK_COMPLETE"
"""Of a stack whose creation failed, and of which nothing is left but its name."""

DELETE, CONTINUE = "delete-stack", "continue-update-rollback"
NEXT = {
    "CREATE_FAILED": DELETE,
    "ROLLBACK_FAILED": DELETE,
    "DELETE_FAILED": DELETE,
    "UPDATE_ROLLBACK_FAILED": CONTINUE,
}
"""What a person has to do about a stack that can be neither updated nor made anew, once it is known why."""

LONGEST_SECONDS = 3600


class Failed(Exception):  # noqa: N818 - says what the deployment did, as the faults do
    """CloudFormation refused the template, or could not carry it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A stack by its name. cloudformation: boto3's client. pause: seconds between two looks."""

    cloudformation: Any
    name: str
    pause: float = 5.0

    def clear(self) -> None:
        """Delete what is left of a creation that failed. Faults: Failed if the stack can only be mended by a person."""
        stack = self._described()
        status = stack["StackStatus"] if stack else ""
        if status == NEVER_MADE:
            self.cloudformation.delete_stack(StackName=self.name)
            self._await("stack_delete_complete", stack["StackId"], datetime.now(UTC))
        if status in NEXT:
            command = f"aws cloudformation {NEXT[status]} --stack-name {self.name}"
            events = f"aws cloudformation describe-stack-events --stack-name {self.name}"
            raise Failed(f"the stack {self.name} is {status}: `{events}` tells why; mend that, then `{command}`")
        if status.endswith("_IN_PROGRESS") and status not in UNDECIDED:
            raise Failed(f"the stack {self.name} is {status}: wait until that has ended")

    def deploy(
        self, template_url: str, parameters: Mapping[str, str], tags: Mapping[str, str] | None = None
    ) -> Mapping[str, str]:
        """Create or update the stack and return its outputs. Faults: Failed.

        Parameters and tags left out stay as they are. A stack that cannot be created is deleted again.
        """
        told = {one["Key"]: one["Value"] for one in (self._described() or {}).get("Tags", ())} | dict(tags or {})
        named = [{"Key": name, "Value": value} for name, value in told.items()]
        return self._deploy({"TemplateURL": template_url, "Tags": named}, parameters)

    def adjust(self, parameters: Mapping[str, str]) -> Mapping[str, str]:
        """Change parameters of the stack alone and return its outputs. Faults: Failed, also if it declares none."""
        if unknown := sorted(set(parameters) - self._declared({"StackName": self.name})):
            raise Failed(f"the stack {self.name} has no parameter {', '.join(unknown)}")
        return self._deploy({"UsePreviousTemplate": True}, parameters)

    def template(self) -> Mapping[str, Any] | None:
        """Return the template that made the stack; None if there is no such stack."""
        if not self._exists():
            return None
        found = self.cloudformation.get_template(StackName=self.name, TemplateStage="Original")
        template: Mapping[str, Any] = found["TemplateBody"]
        return template

    def parameters(self) -> Mapping[str, str]:
        """Return the parameters of the stack as they are told; those that are secret by asterisks."""
        stack = self._described() if self._exists() else None
        told = stack.get("Parameters", ()) if stack else ()
        return {one["ParameterKey"]: one["ParameterValue"] for one in told}

    def _deploy(self, template: Mapping[str, Any], parameters: Mapping[str, str]) -> Mapping[str, str]:
        given = [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
        url = template.get("TemplateURL")
        named = {"StackName": self.name} if url is None else {"TemplateURL": url}
        left = (self.parameters().keys() & self._declared(named)) - parameters.keys()
        kept = [{"ParameterKey": name, "UsePreviousValue": True} for name in sorted(left)]
        begun = datetime.now(UTC)
        change_set = f"deploy-{begun:%Y%m%dT%H%M%S%f}"
        if self._is_changed(change_set, template, given + kept):
            self._carry_out(change_set, begun)
        return self.outputs()

    def take_in(self, template_url: str, prefix: str, resources: Sequence[Mapping[str, Any]]) -> None:
        """Create the stack from resources that are there already. resources: as ResourcesToImport. Faults: Failed."""
        change_set, begun = "import", datetime.now(UTC)
        self.cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=change_set,
            ChangeSetType="IMPORT",
            TemplateURL=template_url,
            Parameters=[{"ParameterKey": "Prefix", "ParameterValue": prefix}],
            ResourcesToImport=list(resources),
        )
        while (made := self._made(change_set))["Status"] in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
            time.sleep(self.pause)
        if made["Status"] != "CREATE_COMPLETE":
            raise Failed(f"no change set: {made.get('StatusReason')}")
        self.cloudformation.execute_change_set(StackName=self.name, ChangeSetName=change_set)
        self._await("stack_import_complete", self.name, begun)

    def outputs(self) -> Mapping[str, str]:
        """Return the outputs by name. Faults: Failed if there is no such stack."""
        stack = self._described()
        if stack is None:
            raise Failed(f"there is no stack {self.name}")
        return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", ())}

    def _described(self) -> Any:  # noqa: ANN401 - as CloudFormation describes it
        try:
            return self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise

    def _exists(self) -> bool:
        stack = self._described()
        return stack is not None and stack["StackStatus"] not in UNDECIDED

    def _declared(self, template: Mapping[str, Any]) -> set[str]:
        found = self.cloudformation.get_template_summary(**template)
        return {one["ParameterKey"] for one in found["Parameters"]}

    def _is_changed(self, change_set: str, template: Mapping[str, Any], parameters: list[dict[str, Any]]) -> bool:
        """Make a change set and return True if it holds a change. Faults: Failed."""
        self.cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=change_set,
            **({"ChangeSetType": "UPDATE"} if self._exists() else {"ChangeSetType": "CREATE", **GONE_IF_FAILED}),
            **template,
            Parameters=parameters,
            Capabilities=CAPABILITIES,
        )
        while (made := self._made(change_set))["Status"] in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
            time.sleep(self.pause)
        if made["Status"] == "CREATE_COMPLETE":
            return True
        invalid = self._invalid(StackName=self.name, ChangeSetName=change_set)
        self.cloudformation.delete_change_set(StackName=self.name, ChangeSetName=change_set)
        if any(words in made.get("StatusReason", "") for words in NOTHING_CHANGED):
            return False
        raise Failed("\n".join([f"no change set: {made.get('StatusReason')}", *invalid]))

    def _made(self, change_set: str) -> Any:  # noqa: ANN401 - as CloudFormation describes it
        return self.cloudformation.describe_change_set(StackName=self.name, ChangeSetName=change_set)

    def _carry_out(self, change_set: str, begun: datetime) -> None:
        kind = "stack_update_complete" if self._exists() else "stack_create_complete"
        # By its id: one that failed to be created is told by no other name once it is deleted.
        identity = self._described()["StackId"]
        self.cloudformation.execute_change_set(StackName=self.name, ChangeSetName=change_set)
        self._await(kind, identity, begun)

    def _await(self, kind: str, stack: str, begun: datetime) -> None:
        pace = {"Delay": self.pause, "MaxAttempts": int(LONGEST_SECONDS / self.pause)}
        try:
            self.cloudformation.get_waiter(kind).wait(StackName=stack, WaiterConfig=pace)
        except WaiterError as error:
            raise Failed("\n".join([f"the stack {self.name} failed:", *self._failures(stack, begun)])) from error

    def _failures(self, stack: str, begun: datetime) -> list[str]:
        """Return a line for each resource that failed since then, first the one that began it."""
        pages = self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
        events = itertools.chain.from_iterable(page["StackEvents"] for page in pages)
        recent = itertools.takewhile(lambda event: event["Timestamp"] >= begun, events)
        failed = [event for event in recent if event["ResourceStatus"].endswith("FAILED")]
        lines = (f"  {one['LogicalResourceId']}: {one.get('ResourceStatusReason', '')}" for one in reversed(failed))
        return [*lines, *self._invalid(StackName=stack)]

    def _invalid(self, **of: str) -> list[str]:
        """Return a line for each resource that was found invalid before anything was made. of: a stack or change set.

        As of a bucket's name that is taken: its events say no more than that there are such.
        """
        try:
            found = self.cloudformation.describe_events(**of, Filters={"FailedEvents": True})["OperationEvents"]
        except ClientError:
            # Whoever may not ask for these knows how many there are, and is told where to look.
            return []
        told = [one for one in found if one.get("ValidationStatusReason")]
        return [f"  {one.get('LogicalResourceId', '')}: {one['ValidationStatusReason']}" for one in told]
