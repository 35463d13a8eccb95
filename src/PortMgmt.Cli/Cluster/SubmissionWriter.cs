using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PortMgmt.Cli.Batch;
using PortMgmt.Cli.Output;
using PortMgmt.Cluster;
using PortMgmt.Operations;

namespace PortMgmt.Cli.Cluster;

/// <summary>Writes results of other nodes, one JSON object a line, with the members that those of <c>batch</c> have.</summary>
/// <param name="stream">Where to.</param>
internal sealed class SubmissionWriter(Stream stream) : IDisposable
{
    private const int FullSize = 64 << 10;

    private readonly ArrayBufferWriter<byte> _lines = new(FullSize);
    private Utf8JsonWriter? _json;

    /// <summary>Adds a result; <see cref="Flush"/> writes what is left.</summary>
    public void Add(in OperationResult<Submission, ClusterResult> result)
    {
        _json ??= new Utf8JsonWriter(_lines, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartObject();
        Write(_json, result);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _lines.Write("\n"u8);
        if (_lines.WrittenCount >= FullSize)
        {
            Flush();
        }
    }

    /// <summary>Writes what was added.</summary>
    /// <exception cref="IOException">The other end is closed, or the disk is full.</exception>
    public void Flush()
    {
        stream.Write(_lines.WrittenSpan);
        _lines.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public void Dispose() => _json?.Dispose();

    private static void Write(Utf8JsonWriter writer, in OperationResult<Submission, ClusterResult> result)
    {
        ClusterResult? remote = result.Output;
        if (result.Id is { } id)
        {
            writer.WriteString("id", id);
        }
        else
        {
            writer.WriteNumber("id", result.Input.Line);
        }

        writer.WriteString("status", ResultJson.StatusName(remote?.Status ?? result.Status));
        LeaseJson.WriteNumber(writer, "exitCode", remote?.ExitCode);
        writer.WritePropertyName("output");
        writer.WriteRawValue(remote is { Output.IsEmpty: false } ? remote.Output.Span : "null"u8, skipInputValidation: true);
        writer.WriteString("error", remote is null ? result.Error?.Message : remote.Error);
        writer.WriteNumber("durationMs", Math.Round((remote?.Duration ?? result.Duration).TotalMilliseconds, 3));
        writer.WriteNumber("queueMs", Math.Round((remote?.QueueTime ?? result.QueueTime).TotalMilliseconds, 3));
        writer.WriteNumber("attempts", remote?.Attempts ?? 0);
        writer.WriteBoolean("cached", result.FromCache || remote?.FromCache == true);
        writer.WriteString("node", remote?.NodeId);
    }
}
