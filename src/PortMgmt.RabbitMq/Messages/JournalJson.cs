using System.Text.Json.Serialization;

namespace PortMgmt.RabbitMq.Messages;

/// <summary>How a submitter's notes to its successor are read and written, generated at build time.</summary>
[JsonSerializable(typeof(Dictionary<string, IEnumerable<string>>), TypeInfoPropertyName = "Written")]
[JsonSerializable(typeof(Dictionary<string, string[]>), TypeInfoPropertyName = "Read")]
internal sealed partial class JournalJson : JsonSerializerContext;
