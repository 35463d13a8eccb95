using System.Buffers.Binary;
using System.Text;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>Properties of messages as they are on the wire, with headers that no .NET program can write.</summary>
internal static class WireTable
{
    /// <summary>The id of each message made here, behind the headers.</summary>
    public const string MessageId = "batch/1";

    /// <summary>A header.</summary>
    public static byte[] Entry(string name, byte[] value) => [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. value];

    /// <summary>A decimal.</summary>
    public static byte[] Decimal(byte places) => [(byte)'D', places, 0, 0, 0, 1];

    /// <summary>A whole number of 64 bits.</summary>
    public static byte[] Int64(long value)
    {
        byte[] number = [(byte)'l', 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt64BigEndian(number.AsSpan(1), value);
        return number;
    }

    /// <summary>A list.</summary>
    public static byte[] List(params byte[][] values) => [(byte)'A', .. Sized([.. values.SelectMany(value => value)])];

    /// <summary>A table.</summary>
    public static byte[] Table(params byte[][] entries) => [(byte)'F', .. Sized([.. entries.SelectMany(entry => entry)])];

    /// <summary>Lists within each other.</summary>
    public static byte[] Nested(int depth)
    {
        const int level = 1 + sizeof(int);
        byte[] lists = new byte[(level * depth) + 1];
        for (int i = 0; i < depth; i++)
        {
            lists[level * i] = (byte)'A';
            BinaryPrimitives.WriteInt32BigEndian(lists.AsSpan((level * i) + 1), lists.Length - (level * (i + 1)));
        }

        lists[^1] = (byte)'V';
        return lists;
    }

    /// <summary>What a frame with properties holds: a content type, the headers, and the message's id.</summary>
    public static byte[] Payload(byte[] headers) =>
        [0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xA0, 0x80, 1, (byte)'x', .. Sized(headers), (byte)MessageId.Length, .. Encoding.ASCII.GetBytes(MessageId)];

    /// <summary>A frame.</summary>
    public static byte[] Frame(byte type, byte[] payload) => [type, 0, 1, .. Sized(payload), 0xCE];

    private static byte[] Sized(byte[] bytes)
    {
        byte[] sized = [0, 0, 0, 0, .. bytes];
        BinaryPrimitives.WriteInt32BigEndian(sized, bytes.Length);
        return sized;
    }
}
