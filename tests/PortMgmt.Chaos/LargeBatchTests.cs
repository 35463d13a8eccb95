using System.Diagnostics;
using System.Globalization;
using PortMgmt.TestKit;
using PortMgmt.TestNode;
using Xunit;

namespace PortMgmt.Chaos;

/// <summary>A batch of 200,000 operations on three brokers, whose submitter is killed in the middle. In a long run alone.</summary>
[Collection(ProcessTests.Name)]
public sealed class LargeBatchTests(ITestOutputHelper output)
{
    private const int Count = 200_000;

    [Fact]
    public async Task KillSubmitter_InTheMiddleOfManyResults_ItsSuccessorHasThemAll()
    {
        Assert.SkipUnless(ChaosScale.IsLong, $"It takes minutes, and runs where {ChaosScale.Variable} is set.");
        Assert.SkipUnless(TestBroker.FindObstacle() is null, TestBroker.FindObstacle() ?? "");
        await using TestBrokerCluster brokers = await TestBrokerCluster.StartAsync();
        using var scratch = new TemporaryDirectory();
        await using NodeProcess first = await NodeProcess.StartNodeAsync(brokers.Urls, "large", "first", "job", 100, scratch["first"]);
        await using NodeProcess second = await NodeProcess.StartNodeAsync(brokers.Urls, "large", "second", "job", 100, scratch["second"]);
        var watch = Stopwatch.StartNew();
        await using (NodeProcess doomed = Start(brokers))
        {
            await Eventually.HoldsAsync(() => doomed.Lines.Count > Count / 2 || doomed.HasExited, "half of the results");
            await doomed.KillAsync();
            output.WriteLine($"killed after {doomed.Lines.Count} results and {watch.Elapsed.TotalSeconds:0} s");
        }

        watch.Restart();
        await using NodeProcess successor = Start(brokers);
        Assert.Equal(0, await successor.EndAsync());
        int starts = Directory.GetFiles(scratch.Path).Sum(file => File.ReadLines(file).Count());
        output.WriteLine($"{successor.Lines.Count(line => char.IsAsciiDigit(line[0]))} results {watch.Elapsed.TotalSeconds:0} s later; {starts - Count} repeats; published, resumed, results, repeats, reconnects: {successor.Lines.Last()}");
        Assert.Equal(
            Enumerable.Range(1, Count).Select(n => string.Create(CultureInfo.InvariantCulture, $"{n} Succeeded")).Order(StringComparer.Ordinal),
            successor.Lines.Where(line => char.IsAsciiDigit(line[0])).Order(StringComparer.Ordinal));
    }

    private static NodeProcess Start(TestBrokerCluster brokers) => NodeProcess.StartSubmitter(brokers.Urls, "large", "large", "job", Count, """{"n":$n}""");
}
