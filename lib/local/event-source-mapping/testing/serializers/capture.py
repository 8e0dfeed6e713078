"""Serializes one order in each format with confluent-kafka; see capture.ts."""

import base64
import json
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.schema_registry.json_schema import JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf.json_format import MessageToDict
from google.protobuf.timestamp_pb2 import Timestamp
from google.protobuf.wrappers_pb2 import StringValue

folder = Path(__file__).parent
registry = SchemaRegistryClient({"url": sys.argv[1]})


def compiled():
    """The generated modules of the .proto files."""
    target = tempfile.mkdtemp()
    protos = ["customer.proto", "orders.proto"]
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{folder}", f"--python_out={target}", *protos]
    subprocess.run(command, cwd=folder, check=True)
    sys.path.insert(0, target)
    import customer_pb2
    import orders_pb2

    return customer_pb2, orders_pb2


def record(topic, serializer, value, expected, field=MessageField.VALUE):
    data = serializer(value, SerializationContext(topic, field))
    return {"name": topic, "bytes": base64.b64encode(data).decode(), "json": json.dumps(expected)}


avro_order = {
    "orderId": 9007199254740993,
    "state": "PLACED",
    "lines": [{"sku": "ABC-001", "quantity": -2}, {"sku": "ABC-002", "quantity": 1}],
    "pricesBySku": {"ABC-001": 9.5},
    "signature": b"\x00\xff",
    "checksum": b"\x01\xfe",
    "placedAt": 1764306000123,
    "note": "gift",
    "origin": {"sku": "OLD", "quantity": 3},
    "weight": 1.5,
    "isPaid": True,
}
avro_json = {**avro_order, "signature": "\u0000\u00ff", "checksum": "\u0001\u00fe"}
bare_order = {**avro_order, "orderId": -1, "lines": [], "pricesBySku": {}, "note": None, "origin": 7}
bare_json = {**bare_order, "signature": "\u0000\u00ff", "checksum": "\u0001\u00fe"}
json_order = {"orderId": 5, "state": "PAID", "lines": [{"sku": "ABC-001", "quantity": 2}]}

customers, orders = compiled()
order = orders.Order(
    order_id=9007199254740993,
    state=orders.STATE_PLACED,
    lines=[orders.Order.Line(sku="ABC-001", quantity=-2)],
    prices_by_sku={"ABC-001": 9.5},
    signature=b"\x00\xff",
    placed_at=Timestamp(seconds=1764306000, nanos=123000000),
    note=StringValue(value="gift"),
    customer=customers.Customer(customer_id=18446744073709551615, nick_name=""),
    card_number="4111",
    weight=1.5,
)
line = orders.Order.Line(sku="ABC-001", quantity=1)
ping = orders.Ping(text="hello")

avro = AvroSerializer(registry, (folder / "orders.avsc.json").read_text())
text_key = AvroSerializer(registry, '"string"')
json_schema = JSONSerializer((folder / "orders.schema.json").read_text(), registry)


def protobuf(kind):
    return ProtobufSerializer(kind, registry, {"use.deprecated.format": False})


records = [
    record("avro", avro, avro_order, avro_json),
    record("avro-bare", avro, bare_order, bare_json),
    record("avro-key", text_key, "order-5", "order-5", MessageField.KEY),
    record("json", json_schema, json_order, json_order),
    record("protobuf", protobuf(orders.Order), order, MessageToDict(order)),
    record("protobuf-nested", protobuf(orders.Order.Line), line, MessageToDict(line)),
    record("protobuf-first", protobuf(orders.Ping), ping, MessageToDict(ping)),
]
print(json.dumps({"serializer": f"confluent-kafka {version('confluent-kafka')}", "records": records}))
