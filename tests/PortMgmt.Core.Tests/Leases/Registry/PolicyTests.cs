using System.Text;
using PortMgmt.Leases;
using PortMgmt.Leases.Policy;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

public sealed class PolicyTests : IDisposable
{
    private static readonly PortPolicy Full = new()
    {
        DefaultRange = new PortRange(20000, 20999),
        Exclude = [new PortRange(20010, 20019), new PortRange(20080, 20080)],
        Reservations = new Dictionary<string, int> { ["web"] = 20100, ["api/v1:blue"] = 443 },
        MaxTimeToLive = TimeSpan.FromHours(36),
    };

    private readonly RegistryFixture _host = new();

    [Fact]
    public void GetPolicy_NoneSet_IsTheDefault()
    {
        Assert.Equal(new PortRange(10000, 29999), _host.Registry.GetPolicy().DefaultRange);
        Assert.Empty(Directory.GetFiles(_host.Directory));
    }

    [Fact]
    public void SetPolicy_Full_IsReadBackAlike()
    {
        _host.Registry.SetPolicy(Full);

        PortPolicy read = _host.Open().GetPolicy();

        Assert.Equal((Full.DefaultRange, Full.MaxTimeToLive), (read.DefaultRange, read.MaxTimeToLive));
        Assert.Equal(Full.Exclude, read.Exclude);
        Assert.Equal(Full.Reservations.OrderBy(entry => entry.Key), read.Reservations.OrderBy(entry => entry.Key));
        Assert.Equal(20100, read.Reservations["WEB"]);
        Assert.Equal([_host.LockFile, _host.PolicyFile], Directory.GetFiles(_host.Directory).Order());
    }

    [Fact]
    public void SetPolicy_AnotherObjectHasReadTheLastOne_SeesEveryChange()
    {
        // Within one tick of the file system's clock and of one length, which a time stamp alone does not tell.
        PortRegistry other = _host.Open();
        for (int i = 0; i < 300; i++)
        {
            var policy = new PortPolicy { Reservations = new Dictionary<string, int> { ["web"] = 20000 + i } };
            _host.Registry.SetPolicy(policy);
            Assert.Equal(20000 + i, other.GetPolicy().Reservations["web"]);
        }
    }

    [Fact]
    public async Task SetPolicy_ReadAllTheWhile_IsNeverHalfWritten()
    {
        PortPolicy[] policies = [Full, new PortPolicy()];
        using var done = new CancellationTokenSource();
        Task<int> reader = Task.Run(() =>
        {
            int reads = 0;
            for (; !done.IsCancellationRequested || reads == 0; reads++)
            {
                Assert.Contains(PolicyFile.Read(_host.Platform, _host.PolicyFile).DefaultRange, policies.Select(policy => policy.DefaultRange));
            }

            return reads;
        });
        // On Windows each replacement has to meet a moment between two reads.
        int changes = OperatingSystem.IsWindows() ? 60 : 300;
        for (int i = 0; i < changes; i++)
        {
            _host.Registry.SetPolicy(policies[i % 2]);
        }

        await done.CancelAsync();

        Assert.True(await reader > 0);
        Assert.Equal(2, Directory.GetFiles(_host.Directory).Length);
    }

    [Fact]
    public void GetPolicy_RemovedOrPutBack_IsSeen()
    {
        PortRegistry other = _host.Open();
        _host.Registry.SetPolicy(Full);
        Assert.Equal(Full.DefaultRange, other.GetPolicy().DefaultRange);
        File.Delete(_host.PolicyFile);

        Assert.Equal(new PortPolicy().DefaultRange, other.GetPolicy().DefaultRange);
    }

    [Fact]
    public void GetPolicy_CommentsAndTrailingCommas_AreTaken()
    {
        File.WriteAllText(_host.PolicyFile, """
            {
              // who may have what
              "defaultRange": "20000-20999", /* not too many */
              "exclude": [ "20080", ],
              "maxTimeToLive": null,
            }
            """);

        PortPolicy policy = _host.Registry.GetPolicy();

        Assert.Equal(new PortRange(20000, 20999), policy.DefaultRange);
        Assert.Equal([new PortRange(20080, 20080)], policy.Exclude);
        Assert.Null(policy.MaxTimeToLive);
    }

    public static TheoryData<string> Encodings => ["utf-8", "utf-16", "utf-16BE"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void GetPolicy_ByteOrderMark_IsPassedOver(string encoding)
    {
        File.WriteAllText(_host.PolicyFile, """{ "defaultRange": "20000-20999" }""", Encoding.GetEncoding(encoding));
        Assert.NotEqual((byte)'{', File.ReadAllBytes(_host.PolicyFile)[0]);

        Assert.Equal(new PortRange(20000, 20999), _host.Registry.GetPolicy().DefaultRange);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("42")]
    [InlineData("""{ "defaultRange": "2000""")]
    [InlineData("""{ "defaultRange": 20000 }""")]
    [InlineData("""{ "defaultRange": "20000-10000" }""")]
    [InlineData("""{ "defaultRange": "0-100" }""")]
    [InlineData("""{ "exclude": "20000" }""")]
    [InlineData("""{ "exclude": [ "70000" ] }""")]
    [InlineData("""{ "reservations": [ 1 ] }""")]
    [InlineData("""{ "reservations": { "web": 0 } }""")]
    [InlineData("""{ "reservations": { "web": 70000 } }""")]
    [InlineData("""{ "reservations": { "web": 1.5 } }""")]
    [InlineData("""{ "reservations": { "w b": 20000 } }""")]
    [InlineData("""{ "reservations": { "web": 20000, "WEB": 20001 } }""")]
    [InlineData("""{ "reservations": { "web": 20000, "api": 20000 } }""")]
    [InlineData("""{ "reservations": { "web": 20000 }, "exclude": [ "20000" ] }""")]
    [InlineData("""{ "maxTimeToLive": "soon" }""")]
    [InlineData("""{ "maxTimeToLive": "99999999999.00:00:00" }""")]
    [InlineData("""{ "maxTimeToLive": "-01:00:00" }""")]
    [InlineData("""{ "maxTimeToLive": 5 }""")]
    [InlineData("""{ "maxTimetoLive": "01:00:00" }""")]
    public void Acquire_PolicyDamaged_FailsClosedAndLeavesTheFile(string text)
    {
        File.WriteAllText(_host.PolicyFile, text);

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Lease());

        Assert.Contains(_host.PolicyFile, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(_host.PolicyFile));
        RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.GetPolicy());
        _host.Registry.SetPolicy(new PortPolicy());
        Assert.True(_host.Lease().Port > 0);
    }

    [Theory]
    [InlineData("", "the file is empty, and should have an object such as { \"defaultRange\": \"20000-29999\" }")]
    [InlineData(" \n", "the file is empty")]
    [InlineData("[]", "it is a list, and should be an object such as")]
    [InlineData("null", "it is null, and should be an object such as")]
    [InlineData("\"20000\"", "it is '20000', and should be an object such as")]
    [InlineData("{\n  \"exclude\": [ }", "from line 2, character 16 on it is no JSON")]
    [InlineData("""{ "defaultRange": 20000 }""", "'defaultRange' is 20000, and should be a text with a port or a range of 1 to 65535, such as \"20000-29999\"")]
    [InlineData("""{ "exclude": "20000" }""", "'exclude' is '20000', and should be a list such as [\"8080\", \"9000-9100\"]")]
    [InlineData("""{ "exclude": [ "70000" ] }""", "in 'exclude' there is '70000', and should be a text with a port")]
    [InlineData("""{ "reservations": [ 1 ] }""", "'reservations' is a list, and should be an object such as { \"web\": 8443 }")]
    [InlineData("""{ "reservations": { "web": 1.5 } }""", "the port of 'web' is 1.5, and should be a number of 1 to 65535")]
    [InlineData("""{ "reservations": { "web": 99999999999 } }""", "the port of 'web' is 99999999999, and should be a number")]
    [InlineData("""{ "maxTimeToLive": "soon" }""", "'maxTimeToLive' is 'soon', and should be a text such as \"8h\" or \"1.12:00:00\", or null for no limit")]
    [InlineData("""{ "defaultRange": "\ud800" }""", "a text in it has half a surrogate pair")]
    [InlineData("""{ "maxTimeToLive": "5" }""", "'maxTimeToLive' is '5', and should be a text")]
    public void GetPolicy_Damaged_NamesWhatWasExpected(string text, string reason)
    {
        File.WriteAllText(_host.PolicyFile, text);

        string message = RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.GetPolicy()).Message;

        Assert.Contains($"cannot be understood: {reason}", message, StringComparison.Ordinal);
        Assert.EndsWith(". Correct the file, or remove it to have the defaults.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Json", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8h", 8)]
    [InlineData("1.12:00:00", 36)]
    public void GetPolicy_LongestTimeToLive_IsReadAsItIsWrittenElsewhere(string text, int hours)
    {
        File.WriteAllText(_host.PolicyFile, $$"""{ "maxTimeToLive": "{{text}}" }""");

        Assert.Equal(TimeSpan.FromHours(hours), _host.Registry.GetPolicy().MaxTimeToLive);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(500, 599)]
    public void SetPolicy_RangeOfLowPorts_IsRefusedSinceNobodyGetsThemUnasked(int first, int last)
    {
        var policy = new PortPolicy { DefaultRange = new PortRange(first, last) };

        Assert.Contains(
            "Ports below 1024 go to requests that name them or their range, and to no others.",
            RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.SetPolicy(policy)).Message,
            StringComparison.Ordinal);
        File.WriteAllText(_host.PolicyFile, $$"""{ "defaultRange": "{{first}}-{{last}}" }""");
        RegistryFixture.Refused(PortRegistryErrorCode.PortRangeExhausted, () => _host.Lease());
        Assert.InRange(_host.Registry.Acquire(new PortLeaseRequest { Range = policy.DefaultRange }).Port, first, last);
    }

    [Fact]
    public void GetPolicy_UnknownProperty_IsNamed()
    {
        File.WriteAllText(_host.PolicyFile, """{ "defaultrange": "20000-20999" }""");

        Assert.Contains("'defaultrange'", RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.GetPolicy()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(33000, 33999, "")]
    [InlineData(1000, 33000, "outside")]
    public void SetPolicy_RangeThatNothingOfIsHadUnasked_IsTakenAtItsWord(int first, int last, string where)
    {
        _host.Registry.SetPolicy(new PortPolicy { DefaultRange = new PortRange(first, last) });

        int port = _host.Lease().Port;

        Assert.InRange(port, where == "outside" ? 1024 : first, where == "outside" ? 32767 : last);
        Assert.Equal(where == "outside" ? 32768 - 1024 - BlockedIn(1024, 32767) : last - first + 1 - BlockedIn(first, last), _host.Registry.GetStatus().UsablePorts);
    }

    [Fact]
    public void Acquire_EverythingIsEphemeral_SaysWhatWorksAndItDoes()
    {
        _host.Platform.Ephemeral = new PortRange(1024, 65535);
        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.PortRangeExhausted, () => _host.Lease());
        Assert.Contains("20000 in the ephemeral range. Name the range 10000-29999 in the request, or set it as the policy's default range", refusal.Message, StringComparison.Ordinal);
        _host.Registry.ChangePolicy(policy => policy with { Exclude = [new PortRange(20000, 20000)] });
        RegistryFixture.Refused(PortRegistryErrorCode.PortRangeExhausted, () => _host.Lease());

        Assert.InRange(_host.Registry.Acquire(new PortLeaseRequest { Range = new PortRange(10000, 29999) }).Port, 10000, 29999);
        _host.Registry.ChangePolicy(policy => policy with { DefaultRange = new PortRange(10000, 29999) });
        Assert.InRange(_host.Lease().Port, 10000, 29999);
        Assert.InRange(_host.Open().Acquire("another").Port, 10000, 29999);
    }

    public static TheoryData<string> Useless => ["all excluded", "blocked", "kernel's", "half and half"];

    [Theory]
    [MemberData(nameof(Useless))]
    public void SetPolicy_NobodyCouldLeaseAPort_IsRefusedWithTheTally(string what)
    {
        _host.Platform.Reserved = PortSet.Parse("20000-20010");
        PortPolicy policy = what switch
        {
            "all excluded" => new PortPolicy { Exclude = [new PortRange(1, 65535)] },
            "blocked" => new PortPolicy { DefaultRange = new PortRange(6666, 6667) },
            "kernel's" => new PortPolicy { DefaultRange = new PortRange(20000, 20010) },
            _ => new PortPolicy { DefaultRange = new PortRange(32000, 33000), Exclude = [new PortRange(32000, 32767)] },
        };

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.SetPolicy(policy));

        Assert.Contains("could ever be leased under this policy. Of ", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_host.PolicyFile));
    }

    public static TheoryData<string> Senseless => ["default range", "exclusion", "time", "name", "port", "excluded", "twice", "case"];

    [Theory]
    [MemberData(nameof(Senseless))]
    public void SetPolicy_Senseless_IsRefusedAndLeavesTheOldOne(string what)
    {
        _host.Registry.SetPolicy(Full);
        byte[] before = File.ReadAllBytes(_host.PolicyFile);
        PortPolicy policy = what switch
        {
            "default range" => new PortPolicy { DefaultRange = default },
            "exclusion" => new PortPolicy { Exclude = [default] },
            "time" => new PortPolicy { MaxTimeToLive = TimeSpan.Zero },
            "name" => Reserving(("a b", 20000)),
            "port" => Reserving(("web", 65536)),
            "excluded" => Reserving(("web", 20000)) with { Exclude = [new PortRange(19999, 20001)] },
            "twice" => Reserving(("web", 20000), ("api", 20000)),
            _ => Reserving(("web", 20000), ("WEB", 20001)),
        };

        RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => _host.Registry.SetPolicy(policy));

        Assert.Equal(before, File.ReadAllBytes(_host.PolicyFile));
    }

    public void Dispose() => _host.Dispose();

    private static int BlockedIn(int first, int last) => Enumerable.Range(first, last - first + 1).Count(BrowserBlockedPorts.Contains);

    private static PortPolicy Reserving(params (string Name, int Port)[] entries) =>
        new() { Reservations = entries.ToDictionary(entry => entry.Name, entry => entry.Port, StringComparer.Ordinal) };
}
