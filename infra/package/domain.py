"""A domain of the API's own, where the parameter DomainName says one."""

from typing import Any

Resource = dict[str, Any]
CONDITION = "HasDomain"


def resources() -> dict[str, Resource]:
    """Return the domain and its mapping to the API's stage."""
    properties = {
        "DomainName": {"Ref": "DomainName"},
        "RegionalCertificateArn": {"Ref": "CertificateArn"},
        "EndpointConfiguration": {"Types": ["REGIONAL"]},
        "SecurityPolicy": "TLS_1_2",
    }
    mapping = {"DomainName": {"Ref": "Domain"}, "RestApiId": {"Ref": "RestAPI"}, "Stage": {"Ref": "RestAPI.Stage"}}
    return {
        "Domain": {"Type": "AWS::ApiGateway::DomainName", "Condition": CONDITION, "Properties": properties},
        "DomainMapping": {"Type": "AWS::ApiGateway::BasePathMapping", "Condition": CONDITION, "Properties": mapping},
    }


def public_url() -> Resource:
    """Return how clients reach the API: by the domain, or as the parameter PublicUrl says."""
    return {"Fn::If": [CONDITION, {"Fn::Sub": "https://${DomainName}"}, {"Ref": "PublicUrl"}]}


def outputs() -> dict[str, Resource]:
    """Return what the domain's CNAME has to point to."""
    target = {"Fn::GetAtt": ["Domain", "RegionalDomainName"]}
    return {"DomainTarget": {"Condition": CONDITION, "Value": target}}
