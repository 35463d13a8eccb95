using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PortMgmt.Text;

/// <summary>One JSON object as text.</summary>
internal static class JsonText
{
    /// <summary>Makes the text: one line, without its end.</summary>
    /// <param name="value">What the object is of.</param>
    /// <param name="writeMembers">Writes its members.</param>
    /// <param name="options">How texts are escaped.</param>
    public static string Create<T>(T value, Action<Utf8JsonWriter, T> writeMembers, JsonWriterOptions options = default)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartObject();
            writeMembers(writer, value);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
