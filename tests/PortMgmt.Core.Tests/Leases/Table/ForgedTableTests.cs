using System.Buffers.Binary;
using System.Text;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Table;

/// <summary>
/// Records that no call of the registry ever wrote, with checksums that match: what a user who may write the machine-wide
/// table can put there. They are damage like any other, and reach neither a terminal nor another's slot.
/// </summary>
public sealed class ForgedTableTests : IDisposable
{
    private const int Port = 18080;
    private const int ChecksumStart = SlotCodec.CopyLength - 20;

    private static readonly SlotRecord Sound = Records.Leased(Port);

    private readonly RegistryFixture _host = new();

    public ForgedTableTests() => _host.Lease("sound", Port + 1);

    public void Dispose() => _host.Dispose();

    public static TheoryData<string, string> Forgeries => new()
    {
        { "kind", Line(kind: "X") },
        { "protocol", Line(protocol: "x") },
        { "protocol of another slot", Line(protocol: "u") },
        { "port 0", Line(port: "0") },
        { "port beyond the last", Line(port: "70000") },
        { "port of another slot", Line(port: "18081") },
        { "port that is no number", Line(port: "1e4") },
        { "process below zero", Line(process: "18446744073709551615") },
        { "user with an escape sequence", Line(user: "\e[2J") },
        { "moment after all calendars", Line(created: "9223372036854775807") },
        { "deadline after all clocks", Line(deadline: "9223372036854775807") },
        { "fence of another length", Line(fence: "0123") },
        { "fence that is no number", Line(fence: "0123456789abcdef0123456Z") },
        { "name with an escape sequence", Line(name: "\e]0;pwned\a") },
        { "name with a tab", Line(name: "a\tb") },
        { "no name", Line(name: "") },
        { "no scope", Line(scope: "") },
        { "scope with an escape sequence", Line(scope: "%1B[2J") },
        { "scope that turns the text round", Line(scope: "a%E2%80%AEb") },
        { "scope that is a formula", Line(scope: "=cmd()") },
        { "scope in another spelling", Line(scope: "%61bc") },
        { "scope in half a letter", Line(scope: "a%C3") },
        { "scope too long", Line(scope: new string('x', ScopeText.MaxEncodedLength + 1)) },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void GetLeases_ForgedRecord_IsDamageAndTheOthersAreKept(string what, string line)
    {
        _host.WithTable(table => table.WriteSlot(Port, table.ReadSlot(Port), Sound));
        _host.Overwrite(TableLayout.SlotOffset(Port), Copy(1, line));

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.GetLeases());

        Assert.DoesNotContain(refusal.Message, char.IsControl);
        Assert.Equal((what, "sound"), (what, Assert.Single(_host.Registry.GetLeases()).Name));
    }

    [Theory]
    [InlineData(Port, Port + 1)]
    [InlineData(TableLayout.SlotCount, Port)]
    [InlineData(-1, Port)]
    public void Open_CommittedGroupForAnotherSlot_IsDamageAndWritesNothing(int index, int port)
    {
        byte[] entries = new byte[sizeof(uint) + SlotCodec.CopyLength];
        BinaryPrimitives.WriteInt32LittleEndian(entries, index);
        SlotCodec.Write(entries.AsSpan(sizeof(uint)), 1, Records.Leased(port, "forged"));
        byte[] header = new byte[9];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), SlotCodec.Checksum32(entries));
        header[8] = 0xC3;
        _host.Overwrite(TableLayout.JournalOffset, entries);
        _host.Overwrite(TableLayout.JournalHeaderOffset, header);

        RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.GetLeases());

        Assert.Equal("sound", Assert.Single(_host.Registry.GetLeases()).Name);
    }

    private static string Line(
        string kind = "L", string protocol = "t", string port = "18080", string process = "1", string user = "0", string created = "1770000000000",
        string deadline = "0", string fence = "0123456789abcdef01234567", string name = "web", string scope = "=") =>
        string.Join(' ', "0000000001", kind, protocol, port, process, "1000", "42", "41", user, created, deadline, fence, name, scope);

    /// <summary>A copy with any text in it, and the checksum of that text.</summary>
    internal static byte[] Copy(ulong sequence, string line)
    {
        byte[] copy = new byte[SlotCodec.CopyLength];
        SlotCodec.Write(copy, sequence, Sound);
        copy.AsSpan(0, ChecksumStart).Fill((byte)' ');
        Encoding.ASCII.GetBytes(line, copy);
        Encoding.ASCII.GetBytes(SlotCodec.Checksum32(copy.AsSpan(0, ChecksumStart)).ToString("x8"), copy.AsSpan(ChecksumStart));
        return copy;
    }
}
