using System.Buffers.Binary;
using PortMgmt.RabbitMq.Connection;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>
/// Frames by chance, as a broker may send them, and what is to become of them. Whether a value is harmful is known from how it was made, and from
/// nothing that reads it. The same seed makes the same ones.
/// </summary>
internal sealed class RandomWire(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Frames of all kinds, on any channel: as they come, and as they should go on.</summary>
    public (byte[] Came, byte[] Wanted) NextStream(int frames)
    {
        var came = new MemoryStream();
        var wanted = new MemoryStream();
        for (int i = 0; i < frames; i++)
        {
            (byte[] frame, byte[] cleaned) = NextFrame();
            came.Write(frame);
            wanted.Write(cleaned);
        }

        return (came.ToArray(), wanted.ToArray());
    }

    /// <summary>A number by chance.</summary>
    public int Next(int end) => _random.Next(end);

    /// <summary>Headers, those that the client reads, and how deep these go at most.</summary>
    public (byte[] All, byte[] Harmless) NextHeaders()
    {
        var all = new MemoryStream();
        var harmless = new MemoryStream();
        for (int i = _random.Next(6); i > 0; i--)
        {
            (byte[] value, bool isHarmful) = _random.Next(20) == 0 ? NextDeep() : NextValue(0);
            byte[] entry = [.. NextShortText(), .. value];
            all.Write(entry);
            harmless.Write(isHarmful ? [] : entry);
        }

        return (all.ToArray(), harmless.ToArray());
    }

    private (byte[] Frame, byte[] Cleaned) NextFrame()
    {
        ushort channel = (ushort)(_random.Next(3) == 0 ? 0 : _random.Next(ushort.MaxValue + 1));
        switch (_random.Next(6))
        {
            case 0:
                byte[] heartbeat = Frame(8, channel, []);
                return (heartbeat, heartbeat);
            case 1:
                byte[] method = Frame(1, channel, NextBytes(_random.Next(300)));
                return (method, method);
            case 2:
                byte[] body = Frame(3, channel, NextBytes(_random.Next(20) == 0 ? _random.Next(131_072) : _random.Next(600)));
                return (body, body);
            default:
                (byte[] all, byte[] harmless) = NextHeaders();
                byte kind = (byte)_random.Next(4);
                byte[] before = [.. (kind & 2) != 0 ? NextShortText() : [], .. (kind & 1) != 0 ? NextShortText() : []];
                byte flags = (byte)(kind << 6);
                byte[] start = [0, 60, 0, 0, .. NextBytes(8)];
                byte[] behind = [.. NextShortText()];
                return _random.Next(5) == 0
                    ? (Frame(2, channel, [.. start, flags, 0x80, .. before, .. behind]), Frame(2, channel, [.. start, flags, 0x80, .. before, .. behind]))
                    : (Frame(2, channel, [.. start, (byte)(flags | 0x20), 0x80, .. before, .. Sized(all), .. behind]),
                        Frame(2, channel, [.. start, (byte)(flags | 0x20), 0x80, .. before, .. Sized(harmless), .. behind]));
        }
    }

    private (byte[] Value, bool IsHarmful) NextValue(int depth)
    {
        switch (_random.Next(depth < 4 ? 20 : 17))
        {
            case 0:
                return ("V"u8.ToArray(), false);
            case 1:
                return ([(byte)'t', .. NextBytes(1)], false);
            case 2:
                return ([(byte)'b', .. NextBytes(1)], false);
            case 3:
                return ([(byte)'B', .. NextBytes(1)], false);
            case 4:
                return ([(byte)'s', .. NextBytes(2)], false);
            case 5:
                return ([(byte)'u', .. NextBytes(2)], false);
            case 6:
                return ([(byte)'U', .. NextBytes(2)], true);
            case 7:
                return ([(byte)'I', .. NextBytes(4)], false);
            case 8:
                return ([(byte)'i', .. NextBytes(4)], false);
            case 9:
                return ([(byte)'f', .. NextBytes(4)], false);
            case 10:
                return ([(byte)'l', .. NextBytes(8)], false);
            case 11:
                return ([(byte)'L', .. NextBytes(8)], true);
            case 12:
                return ([(byte)'d', .. NextBytes(8)], false);
            case 13:
                return ([(byte)'T', .. NextBytes(8)], false);
            case 14:
                byte places = (byte)_random.Next(256);
                return ([(byte)'D', places, .. NextBytes(4)], places > 28);
            case 15:
                return ([(byte)'S', .. Sized(NextBytes(_random.Next(40)))], false);
            case 16:
                return ([(byte)'x', .. Sized(NextBytes(_random.Next(40)))], false);
            default:
                bool isTable = _random.Next(2) == 0;
                (byte[] Value, bool IsHarmful)[] within = [.. Enumerable.Range(0, _random.Next(4)).Select(_ => NextValue(depth + 1))];
                byte[] bytes = [.. within.SelectMany(value => (byte[])[.. isTable ? NextShortText() : [], .. value.Value])];
                return ([(byte)(isTable ? 'F' : 'A'), .. Sized(bytes)], Array.Exists(within, value => value.IsHarmful));
        }
    }

    private (byte[] Value, bool IsHarmful) NextDeep()
    {
        int depth = _random.Next(1, 3 * HeaderFilter.MaxDepth);
        byte[] value = "V"u8.ToArray();
        for (int i = 0; i < depth; i++)
        {
            value = _random.Next(2) == 0 ? [(byte)'A', .. Sized(value)] : [(byte)'F', .. Sized([.. NextShortText(), .. value])];
        }

        return (value, depth > HeaderFilter.MaxDepth);
    }

    private byte[] NextShortText()
    {
        byte[] text = NextBytes(_random.Next(10) == 0 ? 255 : _random.Next(12));
        return [(byte)text.Length, .. text];
    }

    private byte[] NextBytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Frame(byte type, ushort channel, byte[] payload) => [type, (byte)(channel >> 8), (byte)channel, .. Sized(payload), 0xCE];

    private static byte[] Sized(byte[] bytes)
    {
        byte[] sized = [0, 0, 0, 0, .. bytes];
        BinaryPrimitives.WriteInt32BigEndian(sized, bytes.Length);
        return sized;
    }
}
