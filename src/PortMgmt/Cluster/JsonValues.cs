using System.Buffers;
using System.Collections;
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
    /// <summary>How deep tables, lists and custom objects may be nested.</summary>
    private const int MaxDepth = 32;

    /// <summary>How deep other objects are looked into; further down their text stands for them, as with ConvertTo-Json.</summary>
    private const int MaxObjectDepth = 2;

    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth + 2 };

    /// <summary>Writes a value. For a thread with a runspace: properties may be scripts.</summary>
    /// <exception cref="OperationException">It has no JSON.</exception>
    public static ReadOnlyMemory<byte> Write(object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Format);
        Write(writer, value, 0, 0);
        writer.Flush();
        return buffer.WrittenMemory;
    }

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

    private static void Write(Utf8JsonWriter writer, object? value, int depth, int objectDepth)
    {
        object? plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (depth > MaxDepth)
        {
            throw Refusal($"it is nested more than {MaxDepth} deep");
        }

        switch (plain)
        {
            case null:
                writer.WriteNullValue();
                break;
            case ScriptBlock:
                throw Refusal("it has a script block, and code does not travel: give the worker the script, and send it data");
            case IDictionary table:
                WriteTable(writer, table, depth, objectDepth);
                break;
            case PSCustomObject:
                WriteProperties(writer, PSObject.AsPSObject(value!), depth, objectDepth);
                break;
            default:
                if (!TryWriteScalar(writer, plain))
                {
                    WriteOther(writer, value!, plain, depth, objectDepth);
                }

                break;
        }
    }

    private static bool TryWriteScalar(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteStringValue(text);
                return true;
            case bool truth:
                writer.WriteBooleanValue(truth);
                return true;
            case double or float:
                WriteDouble(writer, Convert.ToDouble(value, CultureInfo.InvariantCulture));
                return true;
            case Enum or char or Guid or Uri or Version or TimeSpan:
                writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                return true;
            case byte or sbyte or short or ushort or int or uint or long or ulong or decimal or BigInteger:
                writer.WriteRawValue(Convert.ToString(value, CultureInfo.InvariantCulture)!);
                return true;
            case DateTime time:
                writer.WriteStringValue(time);
                return true;
            case DateTimeOffset time:
                writer.WriteStringValue(time);
                return true;
            default:
                return false;
        }
    }

    private static void WriteDouble(Utf8JsonWriter writer, double number)
    {
        if (!double.IsFinite(number))
        {
            throw Refusal($"JSON has no number {number.ToString(CultureInfo.InvariantCulture)}");
        }

        writer.WriteNumberValue(number);
    }

    private static void WriteTable(Utf8JsonWriter writer, IDictionary table, int depth, int objectDepth)
    {
        writer.WriteStartObject();
        foreach (DictionaryEntry pair in table)
        {
            writer.WritePropertyName(Convert.ToString(pair.Key, CultureInfo.InvariantCulture) ?? "");
            Write(writer, pair.Value, depth + 1, objectDepth);
        }

        writer.WriteEndObject();
    }

    private static void WriteOther(Utf8JsonWriter writer, object value, object plain, int depth, int objectDepth)
    {
        if (plain is IEnumerable list)
        {
            writer.WriteStartArray();
            foreach (object? item in list)
            {
                Write(writer, item, depth + 1, objectDepth);
            }

            writer.WriteEndArray();
        }
        else if (objectDepth >= MaxObjectDepth)
        {
            writer.WriteStringValue(plain.ToString());
        }
        else
        {
            WriteProperties(writer, PSObject.AsPSObject(value), depth, objectDepth + 1);
        }
    }

    private static void WriteProperties(Utf8JsonWriter writer, PSObject value, int depth, int objectDepth)
    {
        writer.WriteStartObject();
        foreach (PSPropertyInfo property in value.Properties)
        {
            writer.WritePropertyName(property.Name);
            Write(writer, TryGet(property), depth + 1, objectDepth);
        }

        writer.WriteEndObject();
    }

    // A property that cannot be read now is nothing, wherever PowerShell shows objects.
    private static object? TryGet(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
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

    private static OperationException Refusal(string reason) =>
        new(OperationErrorCode.InvalidOption, $"The value cannot be sent to another node: {reason}.");
}
