using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using OperationStatus = PortMgmt.Operations.OperationStatus;

namespace PortMgmt.RabbitMq.Messages;

/// <summary>Results as JSON: an array, so that one message carries those that ended at about the same time.</summary>
internal static class ResultMessages
{
    /// <summary>The message type of results.</summary>
    public const string ResultsType = "results";

    /// <summary>The message type of a submitter's notes to its successor.</summary>
    public const string JournalType = "journal";

    /// <summary>The message type of a submitter's mark: what it finds before it was there before it.</summary>
    public const string MarkType = "mark";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes results.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<ClusterResult> results)
    {
        var buffer = new ArrayBufferWriter<byte>(256 * results.Count);
        using var writer = new Utf8JsonWriter(buffer, Relaxed);
        writer.WriteStartArray();
        foreach (ClusterResult result in results)
        {
            Write(writer, result);
        }

        writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Reads results; members that are not known are passed over, so that a newer node may say more.</summary>
    /// <exception cref="JsonException">They are none.</exception>
    public static List<ClusterResult> Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return ReadAll(body);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            // A member of another kind than ours, or a number beyond all that we count.
            throw new JsonException("These are no results.", e);
        }
    }

    private static List<ClusterResult> ReadAll(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartArray);
        var results = new List<ClusterResult>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            results.Add(ReadOne(ref reader, body));
        }

        Expect(reader.TokenType == JsonTokenType.EndArray && !reader.Read());
        return results;
    }

    /// <summary>Writes a note: operations that the broker has taken, or whose results are no longer kept.</summary>
    public static ReadOnlyMemory<byte> WriteJournal(string verb, IEnumerable<string> ids) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, IEnumerable<string>> { [verb] = ids }, JournalJson.Default.Written);

    /// <summary>Reads a note.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static Dictionary<string, string[]> ReadJournal(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, JournalJson.Default.Read) is { } journal && journal.Values.All(static ids => ids is not null && !ids.Contains(null))
            ? journal
            : throw new JsonException("A journal is an object of lists of ids.");

    private static void Write(Utf8JsonWriter writer, ClusterResult result)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, result.OperationId);
        writer.WriteString("status"u8, result.Status.ToString());
        writer.WriteString("node"u8, result.NodeId);
        if (!result.Output.IsEmpty)
        {
            writer.WritePropertyName("output"u8);
            writer.WriteRawValue(result.Output.Span, skipInputValidation: true);
        }

        if (result.Error is not null)
        {
            writer.WriteString("error"u8, result.Error);
            writer.WriteString("code"u8, result.ErrorCode.ToString());
        }

        if (result.ExitCode is int exitCode)
        {
            writer.WriteNumber("exitCode"u8, exitCode);
        }

        writer.WriteNumber("attempts"u8, result.Attempts);
        if (result.FromCache)
        {
            writer.WriteBoolean("cached"u8, true);
        }

        writer.WriteNumber("queueTicks"u8, result.QueueTime.Ticks);
        writer.WriteNumber("durationTicks"u8, result.Duration.Ticks);
        writer.WriteEndObject();
    }

    private static ClusterResult ReadOne(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        var members = new ResultMembers();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember(ref reader, body, ref members);
        }

        Expect(reader.TokenType == JsonTokenType.EndObject && members.Id is { Length: > 0 });
        return members.ToResult();
    }

    private static void ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, ref ResultMembers members)
    {
        ReadOnlySpan<byte> name = reader.ValueSpan;
        Expect(reader.Read());
        if (name.SequenceEqual("id"u8))
        {
            members.Id = reader.GetString();
        }
        else if (name.SequenceEqual("status"u8))
        {
            members.Status = ParseStatus(ref reader);
        }
        else if (name.SequenceEqual("node"u8))
        {
            members.Node = reader.GetString();
        }
        else if (name.SequenceEqual("error"u8))
        {
            members.Error = reader.GetString();
        }
        else if (name.SequenceEqual("code"u8))
        {
            members.Code = Enum.TryParse(reader.GetString(), out OperationErrorCode code) && Enum.IsDefined(code) ? code : OperationErrorCode.OperationFailed;
        }
        else if (name.SequenceEqual("exitCode"u8))
        {
            members.ExitCode = reader.GetInt32();
        }
        else if (name.SequenceEqual("attempts"u8))
        {
            members.Attempts = reader.GetInt32();
        }
        else if (name.SequenceEqual("cached"u8))
        {
            members.FromCache = reader.GetBoolean();
        }
        else if (name.SequenceEqual("queueTicks"u8))
        {
            members.QueueTicks = reader.GetInt64();
        }
        else if (name.SequenceEqual("durationTicks"u8))
        {
            members.DurationTicks = reader.GetInt64();
        }
        else
        {
            ReadOther(ref reader, name.SequenceEqual("output"u8), body, ref members);
        }
    }

    private static void ReadOther(ref Utf8JsonReader reader, bool isOutput, ReadOnlySpan<byte> body, ref ResultMembers members)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        if (isOutput)
        {
            members.Output = body[start..(int)reader.BytesConsumed].ToArray();
        }
    }

    // A newer node may know a status that this one does not: it is then simply a failure.
    private static OperationStatus ParseStatus(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("Succeeded"u8) ? OperationStatus.Succeeded
        : Enum.TryParse(reader.GetString(), out OperationStatus status) && Enum.IsDefined(status) ? status
        : OperationStatus.Failed;

    private static void Expect(bool holds)
    {
        if (!holds)
        {
            throw new JsonException("These are no results.");
        }
    }

    /// <summary>What is gathered of one result.</summary>
    private struct ResultMembers
    {
        public string? Id;
        public OperationStatus Status;
        public string? Node;
        public byte[]? Output;
        public string? Error;
        public OperationErrorCode Code;
        public int? ExitCode;
        public int Attempts;
        public bool FromCache;
        public long QueueTicks;
        public long DurationTicks;

        public readonly ClusterResult ToResult() => new()
        {
            OperationId = Id!,
            Status = Status,
            NodeId = Node ?? string.Empty,
            Output = Output,
            Error = Error,
            ErrorCode = Error is null ? OperationErrorCode.OperationFailed : Code,
            ExitCode = ExitCode,
            Attempts = Attempts,
            FromCache = FromCache,
            QueueTime = TimeSpan.FromTicks(QueueTicks),
            Duration = TimeSpan.FromTicks(DurationTicks),
        };
    }
}
