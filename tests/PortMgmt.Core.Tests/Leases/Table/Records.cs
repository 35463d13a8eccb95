using FsCheck;
using FsCheck.Fluent;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Core.Tests.Leases.Table;

/// <summary>Records to write in tests of the table.</summary>
internal static class Records
{
    private const string NameLetters = "ABCXYZabcxyz0189._:/@-";

    public static SlotRecord Leased(int port, string name = "web", PortProtocol protocol = PortProtocol.Tcp) => new()
    {
        Kind = SlotKind.Leased,
        Port = port,
        Protocol = protocol,
        Owner = new ProcessStamp(Environment.ProcessId, 1000, 42),
        UserId = "1000",
        CreatedAt = 1_770_000_000_000,
        Fence = "0123456789abcdef01234567",
        Name = name,
    };

    public static SlotRecord Quarantined(SlotRecord record, long deadline) => record with { Kind = SlotKind.Quarantined, Deadline = deadline };

    /// <summary>Any record that may ever be written, with the longest values as likely as others.</summary>
    public static Gen<SlotRecord> Any() =>
        from kind in Gen.Elements(SlotKind.Leased, SlotKind.Quarantined)
        from protocol in Gen.Elements(PortProtocol.Tcp, PortProtocol.Udp, PortProtocol.Both)
        from port in Gen.Choose(1, 65535)
        from process in Gen.OneOf(Gen.Constant(0), Gen.Constant(int.MaxValue), Gen.Choose(1, 1 << 22))
        from start in Gen.OneOf(Gen.Constant(0UL), Gen.Constant((ulong)long.MaxValue), Gen.Choose(1, int.MaxValue).Select(n => (ulong)n))
        from space in Gen.OneOf(Gen.Constant(0UL), Gen.Constant((ulong)uint.MaxValue))
        from user in Gen.Elements("0", "4294967294", "S-1-5-21-1234567890-1234567890-1234567890-9999")
        from created in Gen.Choose(0, int.MaxValue).Select(n => (long)n * 1000)
        from deadline in Gen.OneOf(Gen.Constant(0L), Gen.Choose(1, int.MaxValue).Select(n => (long)n * 500))
        from fence in Gen.Elements("0123456789abcdef01234567", "ffffffffffffffffffffffff")
        from length in Gen.OneOf(Gen.Constant(0), Gen.Constant(1), Gen.Constant(64), Gen.Choose(0, 64))
        from letters in Gen.Elements(NameLetters.ToCharArray()).ListOf(length)
        from time in Gen.OneOf(Gen.Constant(0UL), Gen.Constant((ulong)uint.MaxValue))
        from scope in Gen.Elements("", "shop", "/srv/a b%20", "C:\\src\\Ünïcode", new string('x', ScopeText.MaxEncodedLength), ScopeText.Shorten(new string('ü', 500)))
        select new SlotRecord
        {
            Kind = kind,
            Port = port,
            Protocol = protocol,
            Owner = new ProcessStamp(process, start, space, time),
            UserId = user[..Math.Min(user.Length, 43)],
            CreatedAt = created,
            Deadline = deadline,
            Fence = fence,
            Name = string.Concat(letters),
            Scope = scope,
        };
}
