"""A stand-in for AWS: moto's server, with what `serverless deploy` of this service needs and moto lacks.

Templates are refused for errors only, Kafka triggers can be made, and a resource whose type CloudFormation is not
taught here (of API Gateway v2, for one) is kept as a plain record. Arguments are those of `moto_server`.
"""
import json
import secrets
import sys

from moto.awslambda import models as functions
from moto.cloudformation import models as stacks, parsing
from moto.core.common_models import CloudFormationModel
from moto.secretsmanager.models import secretsmanager_backends

lint = stacks.validate_template_cfn_lint
known_class_of = parsing.resource_class_from_type
create_other_mapping = functions.LambdaBackend.create_event_source_mapping


def lint_errors(template):
    """AWS refuses a template for errors; moto does so for warnings too."""
    return [finding for finding in lint(template) if finding.rule.id.startswith("E")]


class KafkaMapping(functions.EventSourceMapping):
    """A trigger of brokers that AWS does not run: it has topics in place of a source's ARN."""

    __module__ = functions.__name__  # moto files its classes by this
    event_source_arn = None
    batch_size = None

    def __init__(self, spec):
        super().__init__({**spec, "EventSourceArn": None, "BatchSize": None})
        self.batch_size = int(spec["BatchSize"])


def delete_mapping(cls, resource_name, cloudformation_json, account_id, region_name):
    functions.lambda_backends[account_id][region_name].delete_event_source_mapping(resource_name)


def create_mapping(backend, spec):
    if not spec.get("SelfManagedEventSource"):
        return create_other_mapping(backend, spec)
    function = backend._lambdas.get_function_by_name_or_arn_with_qualifier(spec["FunctionName"])
    place = {"RegionName": backend.region_name, "AccountId": backend.account_id}
    mapping = KafkaMapping({**spec, **place, "FunctionArn": function.function_arn})
    backend._event_source_mappings[mapping.uuid] = mapping
    return mapping


class Record(CloudFormationModel):
    """A resource of a type that moto does not make; it has a name, and any attribute is made from that."""

    __module__ = stacks.__name__
    resource_type = ""

    def __init__(self, name, properties):
        self.physical_resource_id = name
        self.properties = properties
        self.type = self.resource_type

    @staticmethod
    def cloudformation_name_type():
        return ""

    @classmethod
    def cloudformation_type(cls):
        return cls.resource_type

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        return cls((resource_name or cls.__name__).lower()[-40:], cloudformation_json["Properties"])

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        original_resource.properties = cloudformation_json["Properties"]
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, *args, **kwargs):
        pass

    @classmethod
    def has_cfn_attr(cls, attr):
        return True

    def get_cfn_attribute(self, attribute_name):
        return f"{self.physical_resource_id}.{attribute_name}"


class GeneratedSecret(Record):
    """A secret with a generated password; moto's own are made by its API only."""

    __module__ = stacks.__name__
    resource_type = "AWS::SecretsManager::Secret"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        properties = cloudformation_json["Properties"]
        generate = properties["GenerateSecretString"]
        password = secrets.token_hex(generate["PasswordLength"] // 2)
        value = {**json.loads(generate["SecretStringTemplate"]), generate["GenerateStringKey"]: password}
        name = f"{resource_name}-{secrets.token_hex(6)}"
        backend = secretsmanager_backends[account_id][region_name]
        backend.create_secret(name, json.dumps(value), None, properties["Description"], None, None, None, [], False)
        return cls(backend.secrets[name].arn, properties)

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        backend = secretsmanager_backends[account_id][region_name]
        backend.delete_secret(resource_name, None, force_delete_without_recovery=True)


records = {GeneratedSecret.resource_type: GeneratedSecret}


def class_of(resource_type):
    if resource_type in parsing.get_model_map() or resource_type.startswith("Custom::"):
        return known_class_of(resource_type)
    if resource_type not in records:
        described = {"__module__": Record.__module__, "resource_type": resource_type}
        records[resource_type] = type(resource_type.replace("::", ""), (Record,), described)
    return records[resource_type]


stacks.validate_template_cfn_lint = lint_errors
functions.LambdaBackend.create_event_source_mapping = create_mapping
functions.EventSourceMapping.delete_from_cloudformation_json = classmethod(delete_mapping)
parsing.resource_class_from_type = class_of

if __name__ == "__main__":
    from moto.server import main

    main(sys.argv[1:])
