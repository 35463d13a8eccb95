using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace PortMgmt.Cli.Batch;

/// <summary>Reads the fields of a line that is a JSON object.</summary>
internal static class JsonLine
{
    /// <summary>What stands for a field that is there and is null; recognised by reference, since a text may say the same.</summary>
    private static readonly byte[] NullField = "null"u8.ToArray();

    /// <summary>Whether a field is there and is JSON's null.</summary>
    public static bool IsNull(byte[]? field) => ReferenceEquals(field, NullField);

    /// <summary>Whether a line would be a JSON object, if it were UTF-8.</summary>
    public static bool IsObjectOfBadBytes(ReadOnlySpan<byte> line) =>
        LooksLikeObject(line) && !Utf8.IsValid(line) && TryRead(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line)), []) is not null;

    /// <summary>Reads fields: texts as what they say, everything else as its JSON.</summary>
    /// <param name="line">Any line.</param>
    /// <param name="names">The fields wanted, of the object itself and not of objects in it.</param>
    /// <returns>The fields in the order of their names, null for one that is not there; null when the line is no JSON object.</returns>
    /// <exception cref="InvalidOperationException">A field holds half a surrogate pair, which is no text.</exception>
    public static byte[]?[]? TryRead(ReadOnlySpan<byte> line, IReadOnlyList<string> names)
    {
        if (!LooksLikeObject(line) || !Utf8.IsValid(line))
        {
            return null;
        }

        try
        {
            return Read(line, names);
        }
        catch (JsonException)
        {
            // Braces at both ends make no object: it is a text like any other.
            return null;
        }
    }

    /// <summary>
    /// Whether a field can be an id: a text, or a whole number, which is the same id as the text of its digits. Others have several ways
    /// to be written, or look like a text that means something else.
    /// </summary>
    /// <param name="line">A line that is a JSON object.</param>
    /// <param name="name">The field.</param>
    public static bool IsIdentifying(ReadOnlySpan<byte> line, string name)
    {
        bool isIdentifying = false;
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isMeant = reader.ValueTextEquals(name);
            reader.Read();
            if (isMeant)
            {
                isIdentifying = reader.TokenType == JsonTokenType.String
                    || (reader.TokenType == JsonTokenType.Number && reader.ValueSpan.IndexOfAny(".eE"u8) < 0);
            }

            reader.Skip();
        }

        return isIdentifying;
    }

    private static bool LooksLikeObject(ReadOnlySpan<byte> line) => line.TrimStart(" \t\r"u8).StartsWith("{"u8);

    private static byte[]?[] Read(ReadOnlySpan<byte> line, IReadOnlyList<string> names)
    {
        byte[]?[] fields = new byte[names.Count][];
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int field = IndexOf(ref reader, names);
            reader.Read();
            if (field >= 0)
            {
                fields[field] = ReadValue(ref reader, line);
            }
            else
            {
                reader.Skip();
            }
        }

        // Behind the object there is the end, or else this throws: the reader wants one value and no more.
        reader.Read();
        return fields;
    }

    private static int IndexOf(ref Utf8JsonReader reader, IReadOnlyList<string> names)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (reader.ValueTextEquals(names[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static byte[] ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return Encoding.UTF8.GetBytes(reader.GetString()!);
        }

        if (reader.TokenType == JsonTokenType.Null)
        {
            return NullField;
        }

        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return line[start..(int)reader.BytesConsumed].ToArray();
    }
}
