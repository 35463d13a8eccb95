using System.Diagnostics;
using System.Text.Json;
using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;

namespace PortMgmt.Cli.Tests.Commands;

public sealed class DemoTests : CommandLineFixture
{
    [Fact]
    public void Demo_ToItsEnd_ShowsBothHalvesAndLeavesNothingBehind()
    {
        CliResult result = Run("demo", "--json").Expect(0);
        JsonElement seen = Assert.Single(result.Json);
        int[] ports = [.. seen.GetProperty("ports").EnumerateArray().Select(port => port.GetInt32())];
        Assert.Equal(5, ports.Distinct().Count());
        Assert.Contains(seen.GetProperty("reclaimedPort").GetInt32(), ports);
        Assert.Equal(0, seen.GetProperty("leasesLeft").GetInt32());
        Assert.True(seen.GetProperty("allocationP99Us").GetDouble() >= seen.GetProperty("allocationP50Us").GetDouble());
        JsonElement batch = seen.GetProperty("batch");
        Assert.Equal(10_000, batch.GetProperty("succeeded").GetInt32());
        Assert.Equal(80, batch.GetProperty("retries").GetInt32());
        Assert.InRange(batch.GetProperty("peakConcurrency").GetInt32(), 1, 50);
        Assert.Equal(0.2, batch.GetProperty("cacheHitRate").GetDouble());
        Assert.Empty(Directory.GetFileSystemEntries(ChildrenTemporaryDirectory));
        Assert.Empty(Leases());
    }

    [Fact]
    public void Demo_Interrupted_LeavesNothingBehind()
    {
        Needs.Interrupt();
        Process demo = Start(Executable, "demo");
        string first = demo.StandardOutput.ReadLine()!;
        Assert.Contains("Started", first, StringComparison.Ordinal);
        Assert.Equal(0, Shell($"kill -INT {demo.Id}").ExitCode);
        Finish(demo).Expect(130);
        Assert.Empty(Directory.GetFileSystemEntries(ChildrenTemporaryDirectory));
    }

    [Fact]
    public void Demo_WithoutATemporaryDirectory_SaysWhatItNeeds()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows makes the directory that TMP names, or takes another.");
        string error = RunWith("TMPDIR", "/no/such/place", "demo").ExpectError(1);
        Assert.Contains("/no/such/place", error, StringComparison.Ordinal);
        Assert.Contains("TMPDIR", error, StringComparison.Ordinal);
    }
}
