using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PortMgmt.Text;

/// <summary>JSON objects, one a line, that are gathered and then written in one piece. Not thread-safe.</summary>
internal sealed class JsonLines : IDisposable
{
    /// <summary>Lines are read by programs and by people, and stand in no page of HTML.</summary>
    public static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly Utf8JsonWriter _json;

    /// <summary>Makes it, empty.</summary>
    public JsonLines() => _json = new Utf8JsonWriter(_lines, Format);

    /// <summary>How much was gathered, in bytes.</summary>
    public int Length => _lines.WrittenCount;

    /// <summary>Begins a line: its members are to be written.</summary>
    public Utf8JsonWriter Begin()
    {
        _json.WriteStartObject();
        return _json;
    }

    /// <summary>Ends the line.</summary>
    public void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _lines.Write("\n"u8);
    }

    /// <summary>Writes what was gathered, which is then gone; it stays where it cannot be written.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteTo(Stream stream)
    {
        stream.Write(_lines.WrittenSpan);
        _lines.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
