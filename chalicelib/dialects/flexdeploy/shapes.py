"""What all shapes of FlexDeploy's API share: names in camel case."""

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from chalicelib.http.shape import LenientShape, Shape


class CamelShape(Shape):
    """A body with only known fields, `environment_id` as `environmentId`."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=False)


class LenientCamelShape(LenientShape):
    """A body of real clients, which may send more, `environment_id` as `environmentId`."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=False)
