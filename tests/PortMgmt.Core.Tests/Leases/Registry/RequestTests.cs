using PortMgmt.Leases;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

/// <summary>What is refused before anything is touched, with a message that names the input.</summary>
public sealed class RequestTests : IDisposable
{
    private static readonly PortLeaseRequest Any = new();

    private readonly RegistryFixture _host = new();

    public static TheoryData<string, string> InvalidNames => new()
    {
        { new string('a', 65), "65 characters" },
        { new string('a', 10_000), "10000 characters" },
        { " ", "U+0020" },
        { "a b", "U+0020 (at position 2)" },
        { "web,api", "--name web --name api, in PowerShell -Name web, api." },
        { "web; my-api", "--name web --name my-api," },
        { "web\n", "U+000A" },
        { "\0", "U+0000" },
        { "\u001b[31m", "U+001B" },
        { "caf\u00e9", "U+00E9" },
        { "\U0001F600", "U+D83D" },
        { "a\\b", "U+005C" },
        { "\u0130stanbul", "U+0130" },
        { "\u0131", "U+0131" },
        { "\u212a", "U+212A" },
        { "web\u200b", "U+200B" },
        { "a=b", "U+003D" },
    };

    public static TheoryData<string> ValidNames =>
        ["a", "A", "0", new string('a', 64), "-", ".", "..", "/", "../../etc/passwd", "a.b_c:d/e-f", ":"];

    [Theory]
    [MemberData(nameof(InvalidNames))]
    public void Acquire_InvalidName_IsRefused(string name, string expected) =>
        Assert.Contains(expected, Refuse(Any with { Name = name }), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(ValidNames))]
    public void Acquire_ValidName_IsKeptAsGivenAndFoundWithoutCase(string name)
    {
        Assert.Equal(name, _host.Lease(name).Name);
        Assert.Equal(name, Assert.Single(_host.Registry.GetLeases(new PortLeaseFilter { Name = name.ToUpperInvariant() })).Name);
        Assert.Equal(2, Directory.GetFiles(_host.Directory).Length);
    }

    [Fact]
    public void GetLeases_NameThatOnlyACultureHasAlike_IsNotFound()
    {
        _host.Lease("kiss");

        Assert.Empty(_host.Registry.GetLeases(new PortLeaseFilter { Name = "\u212aiss" }));
        Assert.Empty(_host.Registry.GetLeases(new PortLeaseFilter { Name = "k\u0130ss" }));
        Assert.Empty(_host.Registry.GetLeases(new PortLeaseFilter { Name = "k\u0131ss" }));
        Assert.Single(_host.Registry.GetLeases(new PortLeaseFilter { Name = "KISS" }));
    }

    [Fact]
    public void Acquire_EmptyName_IsNone() => Assert.Equal("", _host.Lease("").Name);

    [Fact]
    public void Acquire_NumbersOutOfRange_AreRefusedByName()
    {
        Assert.Contains("-1 is no port", Refuse(Any with { Port = -1 }), StringComparison.Ordinal);
        Assert.Contains("65536 is no port", Refuse(Any with { Port = 65536 }), StringComparison.Ordinal);
        Assert.Contains("65536", Refuse(Any with { PreferredPort = 65536 }), StringComparison.Ordinal);
        Assert.Contains("-1", Refuse(Any with { PreferredPort = -1 }), StringComparison.Ordinal);
        Assert.Contains("0 ports", Refuse(Any with { Count = 0 }), StringComparison.Ordinal);
        Assert.Contains("1001 ports", Refuse(Any with { Count = 1001 }), StringComparison.Ordinal);
        Assert.Contains("-2147483648 ports", Refuse(Any with { Count = int.MinValue }), StringComparison.Ordinal);
        Assert.Contains("9", Refuse(Any with { Protocol = (PortProtocol)9 }), StringComparison.Ordinal);
        Assert.Contains("empty", Refuse(Any with { Range = default(PortRange) }), StringComparison.Ordinal);
        Assert.Contains("00:00:00", Refuse(Any with { TimeToLive = TimeSpan.Zero }), StringComparison.Ordinal);
        Assert.Contains("-00:00:01", Refuse(Any with { TimeToLive = TimeSpan.FromSeconds(-1) }), StringComparison.Ordinal);
        Assert.Contains("3650", Refuse(Any with { TimeToLive = TimeSpan.MaxValue }), StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_WhatDoesNotGoTogether_IsRefused()
    {
        var range = new PortRange(20000, 20009);
        Refuse(Any with { Port = 20000, PreferredPort = 20000 });
        Refuse(Any with { Port = 20000, Count = 2 });
        Refuse(Any with { Port = 65535, Count = 2, Contiguous = true });
        Refuse(Any with { Port = 20010, Range = range });
        Refuse(Any with { Port = 20009, Range = range, Count = 2, Contiguous = true });
        Refuse(Any with { PreferredPort = 20010, Range = range });
        Refuse(Any with { Range = range, Count = 11 });
        Refuse(Any with { Adopt = true });
        Refuse(Any with { Adopt = true, Port = 20000, Count = 2, Contiguous = true });
        Refuse(Any with { Adopt = true, Port = 20000, Reuse = true, Name = "web" });
        Refuse(Any with { Owner = PortLeaseOwner.None });
        Refuse(Any with { Reuse = true });
        Refuse(Any with { Reuse = true, Name = "" });
        Refuse(Any with { Reuse = true, Name = "web", Owner = PortLeaseOwner.None, TimeToLive = TimeSpan.FromHours(1) });
        Refuse(Any with { Token = "18080t-0123456789abcdef01234567" });
    }

    [Fact]
    public void Acquire_SeveralWhereOneIsReturned_IsRefused() => RegistryFixture.Refused(
        PortRegistryErrorCode.InvalidRequest,
        () => _host.Registry.Acquire(new PortLeaseRequest { Count = 2 }));

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(65536)]
    [InlineData(70000)]
    [InlineData(int.MinValue)]
    public void GetLeasesAndTest_NumberThatIsNoPort_AreRefused(int port)
    {
        RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.GetLeases(new PortLeaseFilter { Port = port }));
        RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.Test(port));
    }

    [Theory]
    [InlineData("8080", 8080, 8080)]
    [InlineData(" 10 - 20 ", 10, 20)]
    [InlineData("1-65535", 1, 65535)]
    public void Parse_Range_IsReadAndWrittenBack(string text, int first, int last)
    {
        var range = PortRange.Parse(text);

        Assert.Equal(new PortRange(first, last), range);
        Assert.Equal(range, PortRange.Parse(range.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("20-10")]
    [InlineData("1-2-3")]
    [InlineData("-5")]
    [InlineData("+5")]
    [InlineData("1e3")]
    [InlineData("\u0661\u0662")]
    [InlineData("99999999999")]
    public void Parse_TextThatIsNoRange_NamesIt(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => PortRange.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 4)]
    [InlineData(5, 65536)]
    public void New_RangeThatIsNone_Throws(int first, int last) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PortRange(first, last));

    public void Dispose() => _host.Dispose();

    private string Refuse(PortLeaseRequest request)
    {
        string message = RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.AcquireMany(request)).Message;
        Assert.Empty(Directory.GetFiles(_host.Directory));
        return message;
    }
}
