using System.Buffers.Text;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Registry;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Table;

/// <summary>
/// Writes and reads one copy of a slot: a line of text of fixed length, so that a person with a pager can read the table.
/// <code>sequence kind protocol port pid start pid-namespace time-namespace user created deadline fence name scope … crc sequence\n</code>
/// The sequence number stands at both ends: where the checksum does not match, they tell a write that was cut short from
/// damage. A copy of version 1 has half the length and neither the time namespace nor the scope; its length tells them apart.
/// </summary>
internal static class SlotCodec
{
    public const int CopyLength = 512;

    private const int SequenceLength = 10;
    private const int BodyStart = SequenceLength + 1;
    private const int ChecksumLength = 8;

    // From the end, which is where both versions have them: checksum, blank, number, end of line.
    private const int TailLength = SequenceLength + 1;
    private const int ChecksumAndTailLength = ChecksumLength + 1 + TailLength;

    // A name may itself be a dash or a dot, but never an equals sign, and no scope begins with one.
    private const string NoName = "=";

    // In milliseconds: the end of the calendar (9999), and more than three thousand years of a clock that starts with the machine.
    private const ulong LastMoment = 253_402_300_799_999;
    private const ulong LastDeadline = 100_000_000_000_000;
    private const int MaxUserIdLength = 43;

    public static void Write(Span<byte> copy, ulong sequence, SlotRecord record)
    {
        copy = copy[..CopyLength];
        copy.Fill((byte)' ');
        WriteSequence(copy, sequence);
        int at = BodyStart;
        Put(copy, ref at, record.Kind == SlotKind.Leased ? "L" : "R");
        Put(copy, ref at, record.Protocol switch { PortProtocol.Tcp => "t", PortProtocol.Udp => "u", _ => "b" });
        Put(copy, ref at, (ulong)record.Port);
        Put(copy, ref at, (ulong)record.Owner.Id);
        Put(copy, ref at, record.Owner.Start);
        Put(copy, ref at, record.Owner.Namespace);
        Put(copy, ref at, record.Owner.TimeNamespace);
        Put(copy, ref at, record.UserId);
        Put(copy, ref at, (ulong)record.CreatedAt);
        Put(copy, ref at, (ulong)record.Deadline);
        Put(copy, ref at, record.Fence);
        Put(copy, ref at, record.Name.Length == 0 ? NoName : record.Name);
        Put(copy, ref at, record.Scope.Length == 0 ? NoName : ScopeText.Encode(record.Scope));
        Utf8Formatter.TryFormat(Checksum(copy), copy[^ChecksumAndTailLength..], out _, new('x', ChecksumLength));
        WriteSequence(copy[^TailLength..], sequence);
        copy[^1] = (byte)'\n';
    }

    /// <summary>Looks at a copy by itself.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="sequence">A sound copy's number.</param>
    public static CopyState Inspect(ReadOnlySpan<byte> copy, out ulong sequence)
    {
        // The checksum covers the number at the front, so that a copy whose end alone is missing is as good as whole.
        bool sound = Utf8Parser.TryParse(copy[..SequenceLength], out sequence, out int length) && length == SequenceLength
            && Utf8Parser.TryParse(copy.Slice(copy.Length - ChecksumAndTailLength, ChecksumLength), out uint checksum, out length, 'x')
            && length == ChecksumLength && checksum == Checksum(copy);
        if (sound)
        {
            return CopyState.Sound;
        }

        return copy.ContainsAnyExcept((byte)0) ? CopyState.Unsound : CopyState.Blank;
    }

    /// <summary>
    /// Whether a copy is what a write left that was cut short: the number at its front is the write's, wholly or in its
    /// first digits, and the one at its end is that of the record that was there before, two less.
    /// </summary>
    /// <param name="copy">The copy.</param>
    /// <param name="sequence">The number of the write.</param>
    public static bool IsCutShort(ReadOnlySpan<byte> copy, ulong sequence)
    {
        Span<byte> written = stackalloc byte[SequenceLength];
        Span<byte> before = stackalloc byte[SequenceLength];
        WriteSequence(written, sequence);
        before.Clear();
        if (sequence > 2)
        {
            WriteSequence(before, sequence - 2);
        }

        ReadOnlySpan<byte> front = copy[..SequenceLength];
        int arrived = front.CommonPrefixLength(written);
        return copy.Slice(copy.Length - TailLength, SequenceLength).SequenceEqual(before)
            && front[arrived..].SequenceEqual(before[arrived..]) && !front.SequenceEqual(before);
    }

    /// <summary>Reads a copy that was found sound.</summary>
    /// <exception cref="TableDamageException">Its checksum is right and its text is not: it was never written by a call of the registry.</exception>
    public static SlotRecord Read(ReadOnlySpan<byte> copy)
    {
        bool isFirstVersion = copy.Length < CopyLength;
        ReadOnlySpan<byte> rest = copy[BodyStart..^ChecksumAndTailLength];
        SlotKind kind = TakeLetter(ref rest) switch { 'L' => SlotKind.Leased, 'R' => SlotKind.Quarantined, _ => throw Impossible() };
        PortProtocol protocol = TakeLetter(ref rest) switch { 't' => PortProtocol.Tcp, 'u' => PortProtocol.Udp, 'b' => PortProtocol.Both, _ => throw Impossible() };
        int port = (int)TakeNumber(ref rest, TableLayout.PortCount - 1);
        var owner = new ProcessStamp(
            (int)TakeNumber(ref rest, int.MaxValue),
            TakeNumber(ref rest, ulong.MaxValue),
            TakeNumber(ref rest, ulong.MaxValue),
            isFirstVersion ? 0 : TakeNumber(ref rest, ulong.MaxValue));
        string user = TakeText(ref rest);
        long created = (long)TakeNumber(ref rest, LastMoment);
        long deadline = (long)TakeNumber(ref rest, LastDeadline);
        string fence = TakeText(ref rest);
        string name = TakeOptionalText(ref rest);
        string scope = isFirstVersion ? "" : TakeOptionalText(ref rest);
        string scopeText = scope.Length == 0 ? "" : ScopeText.Decode(scope) ?? throw Impossible();
        if (port == 0 || user.Length > MaxUserIdLength || !LeaseToken.IsFence(fence) || !(name.Length == 0 || LeaseName.IsOne(name)))
        {
            throw Impossible();
        }

        return new SlotRecord
        {
            Kind = kind,
            Port = port,
            Protocol = protocol,
            Owner = owner,
            UserId = user,
            CreatedAt = created,
            Deadline = deadline,
            Fence = fence,
            Name = name,
            Scope = scopeText,
        };
    }

    /// <summary>CRC-32C over 64-bit words and what remains, by the processor's own instruction where it has one.</summary>
    public static uint Checksum32(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (byte rest in data[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return ~crc;
    }

    private static uint Checksum(ReadOnlySpan<byte> copy) => Checksum32(copy[..^ChecksumAndTailLength]);

    private static void WriteSequence(Span<byte> at, ulong sequence) =>
        Utf8Formatter.TryFormat(sequence, at, out _, new('D', SequenceLength));

    private static void Put(Span<byte> copy, ref int at, ulong number)
    {
        Utf8Formatter.TryFormat(number, copy[at..], out int length);
        at += length + 1;
    }

    private static void Put(Span<byte> copy, ref int at, string text) =>
        at += Encoding.ASCII.GetBytes(text, copy[at..^ChecksumAndTailLength]) + 1;

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)' ');
        if (end <= 0)
        {
            throw Impossible();
        }

        ReadOnlySpan<byte> field = rest[..end];
        rest = rest[(end + 1)..];
        return field;
    }

    private static char TakeLetter(ref ReadOnlySpan<byte> rest) => Take(ref rest) is [byte letter] ? (char)letter : throw Impossible();

    private static ulong TakeNumber(ref ReadOnlySpan<byte> rest, ulong most)
    {
        ReadOnlySpan<byte> digits = Take(ref rest);
        return Utf8Parser.TryParse(digits, out ulong number, out int length) && length == digits.Length && number <= most ? number : throw Impossible();
    }

    /// <summary>What is shown to people: nothing in it may steer a terminal.</summary>
    private static string TakeText(ref ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> text = Take(ref rest);
        return text.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? throw Impossible() : Encoding.ASCII.GetString(text);
    }

    /// <summary>The same; empty where <see cref="NoName"/> stands, as in most slots, without making a text of that.</summary>
    private static string TakeOptionalText(ref ReadOnlySpan<byte> rest)
    {
        if (!rest.StartsWith("= "u8))
        {
            return TakeText(ref rest);
        }

        rest = rest["= "u8.Length..];
        return "";
    }

    private static TableDamageException Impossible() => new("a record with a sound checksum is none that a call could have written");
}
