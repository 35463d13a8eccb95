using PortMgmt.RabbitMq.Tests.Support;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.CommandLine;

[Collection(BrokerTests.Name)]
public sealed class WorkerEndTests(BrokerFixture fixture)
{
    [SkippableTheory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Worker_Signal_GivesBackWhatItHolds(string signal)
    {
        Skip.If(signal == "INT" && IgnoresInterrupts(), "SIGINT is ignored by whoever started the tests, and so by every program that they start.");
        string cluster = "cli-end-" + signal.ToLowerInvariant();
        using var scratch = new Scratch();
        await using CliProcess slow = Start(cluster, "slow", "sh", "-c", $"cat >>'{scratch.Log("slow")}'; exec sleep 300");
        await slow.SaysAsync("node slow takes operations");
        await using var submit = CliProcess.Start(fixture.Broker.Url, "submit", "--cluster", cluster, "--type", "job");
        submit.Feed("1", "2", "3", "4", "5");
        await Eventually.HoldsAsync(() => File.Exists(scratch.Log("slow")) && new FileInfo(scratch.Log("slow")).Length >= 2, "two running operations");

        await slow.SignalAsync(signal);
        Assert.True(await slow.EndAsync() == 0, slow.Error);
        Assert.Contains("draining", slow.Error, StringComparison.Ordinal);
        await using CliProcess quick = Start(cluster, "quick", "cat");
        Assert.True(await submit.EndAsync() == 0, submit.Error);
        Assert.Equal([1, 2, 3, 4, 5], submit.Json.Select(result => result.GetProperty("id").GetInt32()).Order());
        Assert.All(submit.Json, result => Assert.Equal("quick", result.GetProperty("node").GetString()));
    }

    private CliProcess Start(string cluster, string node, params string[] command) =>
        CliProcess.Start(fixture.Broker.Url, ["worker", "--cluster", cluster, "--node", node, "--type", "job", "--jobs", "2", "--drain", "200ms", "--", .. command]);

    private static bool IgnoresInterrupts() =>
        (Convert.ToUInt64(File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim(), 16) & 2) != 0;
}
