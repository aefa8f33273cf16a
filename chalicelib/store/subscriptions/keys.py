"""Keys and access patterns of subscriptions to events, in the table `runs`.

| query | table | pk | sk |
| --- | --- | --- | --- |
| all subscriptions | runs | subscriptions | all |
| deliveries, latest event first | runs | deliveries#<subscription> | <number, 15 digits>.<index, 3 digits> |
"""

from chalicelib.store.dynamo.expressions import Key

RUNS = "runs"
ALL = Key("subscriptions", "all")


def deliveries_partition(subscription: str) -> str:
    """Partition of the deliveries of a subscription."""
    return f"deliveries#{subscription}"


def delivery_key(subscription: str, event: str) -> Key:
    """Key of the delivery of an event. event: its id, a number and an index joined by a dot."""
    number, _, index = event.partition(".")
    return Key(deliveries_partition(subscription), f"{number:0>15}.{index:0>3}")
