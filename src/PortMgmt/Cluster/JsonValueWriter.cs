using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text.Json;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Cluster;

/// <summary>Writes a value of PowerShell's as JSON.</summary>
/// <param name="writer">Where to.</param>
/// <param name="takesAny">What has no JSON becomes its text, and is not refused.</param>
internal sealed class JsonValueWriter(Utf8JsonWriter writer, bool takesAny)
{
    /// <summary>How deep tables, lists and custom objects may be nested.</summary>
    public const int MaxDepth = 32;

    /// <summary>How deep other objects are looked into; further down their text stands for them, as with ConvertTo-Json.</summary>
    private const int MaxObjectDepth = 2;

    /// <summary>Writes a value. For a thread with a runspace: properties may be scripts.</summary>
    /// <exception cref="OperationException">It has no JSON.</exception>
    public void Write(object? value) => Write(value, 0, 0);

    private void Write(object? value, int depth, int objectDepth)
    {
        object? plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        switch (plain)
        {
            case null:
                writer.WriteNullValue();
                break;
            case not null when depth > MaxDepth:
                Refuse(plain, $"it is nested more than {MaxDepth} deep");
                break;
            case ScriptBlock:
                Refuse(plain, "it has a script block, and code does not travel: give the worker the script, and send it data");
                break;
            case IDictionary table:
                WriteTable(table, depth, objectDepth);
                break;
            case PSCustomObject:
                WriteProperties(PSObject.AsPSObject(value!), depth, objectDepth);
                break;
            default:
                if (!TryWriteScalar(plain))
                {
                    WriteOther(value!, plain, depth, objectDepth);
                }

                break;
        }
    }

    private bool TryWriteScalar(object value)
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
                WriteDouble(Convert.ToDouble(value, CultureInfo.InvariantCulture));
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

    private void WriteDouble(double number)
    {
        if (double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            Refuse(number, $"JSON has no number {number.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    private void WriteTable(IDictionary table, int depth, int objectDepth)
    {
        writer.WriteStartObject();
        foreach (DictionaryEntry pair in table)
        {
            writer.WritePropertyName(Convert.ToString(pair.Key, CultureInfo.InvariantCulture) ?? "");
            Write(pair.Value, depth + 1, objectDepth);
        }

        writer.WriteEndObject();
    }

    private void WriteOther(object value, object plain, int depth, int objectDepth)
    {
        if (plain is IEnumerable list)
        {
            writer.WriteStartArray();
            foreach (object? item in list)
            {
                Write(item, depth + 1, objectDepth);
            }

            writer.WriteEndArray();
        }
        else if (objectDepth >= MaxObjectDepth)
        {
            writer.WriteStringValue(plain.ToString());
        }
        else
        {
            WriteProperties(PSObject.AsPSObject(value), depth, objectDepth + 1);
        }
    }

    private void WriteProperties(PSObject value, int depth, int objectDepth)
    {
        writer.WriteStartObject();
        foreach (PSPropertyInfo property in value.Properties)
        {
            writer.WritePropertyName(property.Name);
            Write(TryGet(property), depth + 1, objectDepth);
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

    private void Refuse(object value, string reason)
    {
        if (!takesAny)
        {
            throw new OperationException(OperationErrorCode.InvalidOption, $"The value cannot be sent to another node: {reason}.");
        }

        writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
    }
}
