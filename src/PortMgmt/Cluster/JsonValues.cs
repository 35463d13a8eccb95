using System.Buffers;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Cluster;

/// <summary>Values as JSON and back. What comes back is data: tables become objects with properties, and no type is ever made by its name.</summary>
internal static class JsonValues
{
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = JsonValueWriter.MaxDepth + 2 };

    /// <summary>Writes a value that is to be read again. For a thread with a runspace: properties may be scripts.</summary>
    /// <exception cref="OperationException">It has no JSON.</exception>
    public static ReadOnlyMemory<byte> Write(object? value) => Write(value, takesAny: false);

    /// <summary>Writes a value for whoever looks at it: what has no JSON becomes its text. For a thread with a runspace.</summary>
    public static ReadOnlyMemory<byte> WriteAny(object? value) => Write(value, takesAny: true);

    /// <summary>Reads a value; nothing is null.</summary>
    public static object? Read(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement);
    }

    private static ReadOnlyMemory<byte> Write(object? value, bool takesAny)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Format);
        new JsonValueWriter(writer, takesAny).Write(value);
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static object? Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => ReadObject(value),
        JsonValueKind.Array => value.EnumerateArray().Select(Read).ToArray(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => ReadNumber(value),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static PSObject ReadObject(JsonElement value)
    {
        var result = new PSObject();
        foreach (JsonProperty member in value.EnumerateObject())
        {
            // A property cannot have an empty name. One that comes twice, or differs in case only, is one property; the last value counts.
            string name = member.Name.Length == 0 ? " " : member.Name;
            result.Properties.Remove(name);
            result.Properties.Add(new PSNoteProperty(name, Read(member.Value)));
        }

        return result;
    }

    private static object ReadNumber(JsonElement value)
    {
        if (value.TryGetInt32(out int small))
        {
            return small;
        }

        if (value.TryGetInt64(out long large))
        {
            return large;
        }

        return BigInteger.TryParse(value.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger huge) ? huge : value.GetDouble();
    }
}
