using System.Buffers.Binary;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>
/// Takes out of a message's headers what the broker's client for .NET cannot read. A publisher may write there what he likes, and one value
/// of an unknown kind ends the connection of whoever gets the message; tables within tables, some thousands deep, end the process.
/// </summary>
internal static class HeaderFilter
{
    /// <summary>How deep tables and lists may be within each other.</summary>
    public const int MaxDepth = 32;

    private const int FlagsAt = 12;
    private const int PropertiesAt = 14;
    private const byte ContentTypeFlag = 0x80;
    private const byte ContentEncodingFlag = 0x40;
    private const byte HeadersFlag = 0x20;
    private const int LengthSize = 4;
    private const int MaxDecimalPlaces = 28;

    /// <summary>Takes them out in place.</summary>
    /// <param name="payload">What a frame with a message's properties holds.</param>
    /// <returns>How much of it is left, from its beginning.</returns>
    public static int Clean(Span<byte> payload)
    {
        if (FindTable(payload) is not var (at, length))
        {
            return payload.Length;
        }

        int kept = Keep(payload.Slice(at, length));
        if (kept < length)
        {
            BinaryPrimitives.WriteInt32BigEndian(payload[(at - LengthSize)..], kept);
            payload[(at + length)..].CopyTo(payload[(at + kept)..]);
        }

        return payload.Length - length + kept;
    }

    // Null where there are no headers, or where the frame is not what it says: then the broker itself is at fault, and the client says so.
    private static (int At, int Length)? FindTable(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < PropertiesAt || (payload[FlagsAt] & HeadersFlag) == 0)
        {
            return null;
        }

        int at = PropertiesAt;
        foreach (byte flag in (ReadOnlySpan<byte>)[ContentTypeFlag, ContentEncodingFlag])
        {
            if ((payload[FlagsAt] & flag) != 0)
            {
                at += at < payload.Length ? 1 + payload[at] : 0;
            }
        }

        return at <= payload.Length && TryReadLength(payload[at..], out int length) ? (at + LengthSize, length) : null;
    }

    // What cannot be measured takes what is behind it along.
    private static int Keep(Span<byte> table)
    {
        int kept = 0;
        for (int at = 0; TryMeasureEntry(table[at..], 0, out int length, out bool isReadable); at += length)
        {
            if (isReadable)
            {
                table.Slice(at, length).CopyTo(table[kept..]);
                kept += length;
            }
        }

        return kept;
    }

    private static bool TryMeasureEntry(ReadOnlySpan<byte> table, int depth, out int length, out bool isReadable)
    {
        isReadable = false;
        length = table.IsEmpty ? 0 : 1 + table[0];
        if (length == 0 || length >= table.Length || !TryMeasure(table[length..], depth, out int value, out isReadable))
        {
            return false;
        }

        length += value;
        return true;
    }

    private static bool TryMeasure(ReadOnlySpan<byte> value, int depth, out int length, out bool isReadable)
    {
        isReadable = true;
        int size = (char)value[0] switch
        {
            'V' => 0,
            't' or 'b' or 'B' => 1,
            's' or 'u' or 'U' => 2,
            'I' or 'i' or 'f' => 4,
            'D' => 5,
            'l' or 'L' or 'd' or 'T' => 8,
            'S' or 'x' or 'A' or 'F' => TryReadLength(value[1..], out int inner) ? LengthSize + inner : -1,
            _ => -1,
        };
        length = 1 + size;
        if (size < 0 || length > value.Length)
        {
            return false;
        }

        isReadable = (char)value[0] switch
        {
            'U' or 'L' => false,
            'D' => value[1] <= MaxDecimalPlaces,
            'A' or 'F' => depth < MaxDepth && AreReadable(value[(1 + LengthSize)..length], depth + 1, value[0] == 'F'),
            _ => true,
        };
        return true;
    }

    private static bool AreReadable(ReadOnlySpan<byte> values, int depth, bool areNamed)
    {
        while (!values.IsEmpty)
        {
            if (!(areNamed ? TryMeasureEntry(values, depth, out int length, out bool isReadable) : TryMeasure(values, depth, out length, out isReadable)) || !isReadable)
            {
                return false;
            }

            values = values[length..];
        }

        return true;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> text, out int length)
    {
        length = 0;
        return text.Length >= LengthSize && (length = BinaryPrimitives.ReadInt32BigEndian(text)) >= 0 && length <= text.Length - LengthSize;
    }
}
