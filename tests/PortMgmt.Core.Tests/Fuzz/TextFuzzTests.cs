using System.Globalization;
using System.Text;
using PortMgmt.Leases;
using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Policy;
using PortMgmt.Leases.Registry;
using PortMgmt.Platform;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Fuzz;
using Xunit;

namespace PortMgmt.Core.Tests.Fuzz;

/// <summary>What people and files say: taken and said back alike, or refused with an error of the product's own.</summary>
public sealed class TextFuzzTests(ITestOutputHelper output)
{
    private readonly Fuzzer _fuzzer = new(output);

    [Fact]
    public void PortRange_AnyText_IsReadBackAlikeOrRefused() => _fuzzer.Run(Corpus.Read("ranges"), input =>
    {
        string text = Encoding.Latin1.GetString(input);
        if (!PortRange.TryParse(text, CultureInfo.InvariantCulture, out PortRange range))
        {
            Assert.Throws<FormatException>(() => PortRange.Parse(text));
            return false;
        }

        Assert.InRange(range.First, 1, range.Last);
        Assert.InRange(range.Last, range.First, 65535);
        Assert.Equal(range, PortRange.Parse(range.ToString()));
        return true;
    });

    [Fact]
    public void PortSet_AnyText_HasWhatItsRangesHave() => _fuzzer.Run(Corpus.Read("ranges"), input =>
    {
        string text = Encoding.Latin1.GetString(input);
        var set = PortSet.Parse(text);
        PortRange[] ranges = [.. text.Split(',').Where(static part => PortRange.TryParse(part, null, out _)).Select(static part => PortRange.Parse(part))];
        foreach (int port in ranges.SelectMany(static range => new[] { range.First - 1, range.First, range.Last, range.Last + 1 }))
        {
            Assert.Equal(ranges.Any(range => range.Contains(port)), set.Contains(port));
        }

        Assert.Equal(ranges.Length == 0, set.IsEmpty);
        return !set.IsEmpty;
    });

    [Fact]
    public void LeaseName_AnyText_IsPlainOrRefused() => _fuzzer.Run(Corpus.Read("names"), input =>
    {
        string text = Encoding.UTF8.GetString(input);
        bool taken = IsTaken(() => LeaseName.Check(text));
        Assert.Equal(taken, LeaseName.IsOne(text));
        if (taken)
        {
            Assert.Matches("^[A-Za-z0-9._:/@-]{1,64}$", text);
        }

        return taken;
    });

    [Fact]
    public void LeaseToken_AnyText_IsReadBackAlikeOrRefused() => _fuzzer.Run(Corpus.Read("tokens"), input =>
    {
        LeaseToken token = default;
        bool taken = IsTaken(() => token = LeaseToken.Parse(Encoding.Latin1.GetString(input)));
        if (taken)
        {
            Assert.Equal(token, LeaseToken.Parse(token.ToString()));
        }

        return taken;
    });

    [Fact]
    public void Policy_AnyFile_IsReadBackAlikeOrRefused()
    {
        using var directory = new TemporaryDirectory();
        string path = directory["policy.json"], copy = directory["copy.json"];
        _fuzzer.Run(Corpus.Read("policy"), input =>
        {
            File.WriteAllBytes(path, input);
            PortPolicy policy = null!;
            if (!IsTaken(() => policy = PolicyFile.Read(HostPlatform.Current, path)))
            {
                return false;
            }

            PolicyFile.Write(HostPlatform.Current, copy, policy);
            PortPolicy again = PolicyFile.Read(HostPlatform.Current, copy);
            Assert.Equal((policy.DefaultRange, policy.MaxTimeToLive), (again.DefaultRange, again.MaxTimeToLive));
            Assert.Equal(policy.Exclude, again.Exclude);
            Assert.Equal(policy.Reservations.OrderBy(static entry => entry.Key), again.Reservations.OrderBy(static entry => entry.Key));
            return true;
        });
    }

    private static bool IsTaken(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (PortRegistryException)
        {
            return false;
        }
    }
}
