"""Parameters of the template, and its conditions. What each is for: docs/operations.md."""

from typing import Any

HTTPS = "^(https://.+)?$"


def _text(description: str, default: str | None = "", **more: object) -> dict[str, Any]:
    said = {"Type": "String", "Description": description, **more}
    return said if default is None else {**said, "Default": default}


def _flag(description: str) -> dict[str, Any]:
    return _text(description, "false", AllowedValues=["false", "true"])


def _number(description: str, default: int) -> dict[str, Any]:
    return {"Type": "Number", "Description": description, "Default": default, "MinValue": 0}


PARAMETERS = {
    "Prefix": _text(
        "Begins the name of everything; the bucket's has to be free in the whole world",
        None,
        AllowedPattern="^[a-z0-9][a-z0-9-]{1,30}-$",
        ConstraintDescription="small letters, digits and hyphens, ending in a hyphen",
    ),
    "PublicUrl": _text("How clients reach the API, where it has no domain of its own", AllowedPattern=HTTPS),
    "DomainName": _text("A domain of its own, as slipway.example.com"),
    "CertificateArn": _text("ARN of the domain's certificate, of the same region"),
    "LiveDomainName": _text("A domain for WebSockets alone, as live.slipway.example.com"),
    "LiveCertificateArn": _text("ARN of its certificate, where that of CertificateArn does not cover it"),
    "TrustIdentityHeader": _flag("Whether the header Identity says who calls: only behind something that sets it"),
    "JwtIssuer": _text("The issuer (iss) whose JWTs say who calls, as people log in elsewhere; none without"),
    "JwtAudience": _text("The audience (aud) that these have to name"),
    "JwtJwksUrl": _text("Where the public keys of the issuer are", AllowedPattern=HTTPS),
    "PoolProjects": _text("Which projects a pool of runners does jobs of, as gpu=web,api trusted=ops; others do all"),
    "Production": _text("Patterns of the names of environments that are production, parted by blanks", "prod*"),
    "FreshLoginSeconds": _number("How long after a login one may let something into these by the console", 3600),
    "IdlePauseSeconds": _text(
        "After how many seconds a runner that got no job asks again; its own wait, 5, if left out"
    ),
    "KeepRunsDays": _text("After how many days an ended run goes from the tables to an object; never if left out"),
    "Mail": _text(
        "How notification steps send mail: ses, or the address of an SMTP server; not at all without", NoEcho=True
    ),
    "MailIdentity": _text("The address or domain that SES has verified for it", "none"),
    "MailFrom": _text("The mail address of who writes these"),
    "DeletionProtection": _flag("Whether DynamoDB refuses to delete the tables, whoever asks for it"),
    "AlarmTopic": _text("ARN of the SNS topic that alarms go to"),
    "AccessLogs": _flag("Whether requests are logged; the account needs a role for API Gateway's logs"),
    "ApiRate": _number("Requests a second that the API takes, of all clients together", 500),
    "ApiBurst": _number("Requests that it takes at once", 1000),
    "LiveRate": _number("WebSockets opened and messages sent a second, of all clients together", 200),
    "LiveBurst": _number("WebSockets opened and messages sent at once", 400),
    "MaxWriteUnits": _number("Units a second that DynamoDB writes at most for each table; 0 for any number", 0),
    "MaxReadUnits": _number("Likewise units that it reads", 0),
    "MonthlyBudget": _number("USD a month of the whole account of which 80 % are mailed to BudgetMail; 0 for none", 0),
    "BudgetMail": _text("Who is mailed of the budget"),
    "ReserveConcurrency": _flag(
        "Whether each function but the API keeps a share of the account's concurrency, 201 in all; a new account has 10"
    ),
}


def _is(parameter: str, value: str) -> dict[str, Any]:
    return {"Fn::Equals": [{"Ref": parameter}, value]}


def _is_given(parameter: str, nothing: str = "") -> dict[str, Any]:
    return {"Fn::Not": [_is(parameter, nothing)]}


CONDITIONS = {
    "CapsWrites": _is_given("MaxWriteUnits", "0"),
    "CapsReads": _is_given("MaxReadUnits", "0"),
    "CapsUnits": {"Fn::Or": [{"Condition": "CapsWrites"}, {"Condition": "CapsReads"}]},
    "HasAlarmTopic": _is_given("AlarmTopic"),
    "HasBudget": _is_given("MonthlyBudget", "0"),
    "HasDomain": _is_given("DomainName"),
    "HasLiveCertificate": _is_given("LiveCertificateArn"),
    "HasLiveDomain": _is_given("LiveDomainName"),
    "LogsAccess": _is("AccessLogs", "true"),
    "ReservesConcurrency": _is("ReserveConcurrency", "true"),
}
