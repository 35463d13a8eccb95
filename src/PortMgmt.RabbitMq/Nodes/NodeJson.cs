using System.Text.Json;
using System.Text.Json.Serialization;

namespace PortMgmt.RabbitMq.Nodes;

/// <summary>How nodes' descriptions of themselves are read and written, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(NodeMessage))]
[JsonSerializable(typeof(HeldOperations))]
internal sealed partial class NodeJson : JsonSerializerContext;
