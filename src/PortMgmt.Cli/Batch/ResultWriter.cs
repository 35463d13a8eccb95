using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PortMgmt.Cli.Batch.Processes;
using PortMgmt.Operations;

namespace PortMgmt.Cli.Batch;

/// <summary>Writes results, one JSON object a line: as many as there are in one piece, and at once when there are no more.</summary>
/// <param name="stream">Where to.</param>
internal sealed class ResultWriter(Stream stream) : IDisposable
{
    private const int FullSize = 64 << 10;

    private readonly ArrayBufferWriter<byte> _lines = new(FullSize);
    private Utf8JsonWriter? _json;

    /// <summary>There is enough for a write of its own.</summary>
    public bool IsFull => _lines.WrittenCount >= FullSize;

    /// <summary>Adds a result; <see cref="Flush"/> writes it.</summary>
    public void Add(in OperationResult<BatchOperation, ChildResult> result)
    {
        _json ??= new Utf8JsonWriter(_lines, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartObject();
        ResultJson.Write(_json, result);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _lines.Write("\n"u8);
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
}
