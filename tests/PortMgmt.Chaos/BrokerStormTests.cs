using System.Diagnostics;
using System.Globalization;
using PortMgmt.TestKit;
using PortMgmt.TestNode;
using Xunit;

namespace PortMgmt.Chaos;

/// <summary>
/// Batches on a broker of three nodes, one of which, two or all are killed, stopped, cut off or full, while workers and submitters are
/// killed beside. In a long run alone.
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class BrokerStormTests(ITestOutputHelper output)
{
    private const int Operations = 900;
    private const int Room = 10;
    private const int MaxSuccessors = 5;

    [Fact]
    public async Task Storm_OnThreeBrokers_EachOperationHasExactlyOneResult()
    {
        Assert.SkipUnless(ChaosScale.IsLong, $"It takes a minute a round, and runs where {ChaosScale.Variable} says how many.");
        Assert.SkipUnless(TestBroker.FindObstacle() is null, TestBroker.FindObstacle() ?? "");
        await using TestBrokerCluster brokers = await TestBrokerCluster.StartAsync();
        output.WriteLine("| round | what happens | results | successors | starts beyond one | resumed | repeats | reconnects | time |");
        foreach (int number in Enumerable.Range(ChaosScale.FirstRound, ChaosScale.Rounds))
        {
            await RageAsync(brokers, new BrokerRound(number));
            await brokers.WaitUntilWholeAsync();
        }
    }

    private async Task RageAsync(TestBrokerCluster brokers, BrokerRound round)
    {
        var watch = Stopwatch.StartNew();
        var random = new Random(round.Number);
        using var scratch = new TemporaryDirectory();
        NodeProcess[] workers = await Task.WhenAll(Enumerable.Range(0, 3).Select(n => StartWorkerAsync(brokers, round, n, scratch)));
        try
        {
            NodeProcess submitter = StartSubmitter(brokers, round);
            await Eventually.HoldsAsync(() => ResultsOf(submitter).Length > Operations / 10 || submitter.HasExited, $"the first results of round {round.Number}, {round}; {Tail(submitter)}");
            Task raging = round.Fault.RunAsync(new BrokerFaults(brokers, round.Queue, random));
            await Task.Delay(random.Next(2000));
            int doomed = random.Next(workers.Length);
            await workers[doomed].KillAsync();
            if (round.KillsSubmitter)
            {
                await submitter.KillAsync();
            }

            await raging;
            Task<NodeProcess> replacing = StartWorkerAsync(brokers, round, doomed, scratch);
            int successors = 0;
            while (await EndAsync(submitter, round) != 0 && successors < MaxSuccessors)
            {
                // Killed, or started while no broker could serve it: somebody starts it again.
                successors++;
                await submitter.DisposeAsync();
                submitter = StartSubmitter(brokers, round);
            }

            await using NodeProcess last = submitter;
            workers[doomed] = await replacing;
            string[] results = ResultsOf(submitter);
            int starts = Directory.GetFiles(scratch.Path).Sum(file => File.ReadLines(file).Count());
            string[] counts = submitter.Lines.LastOrDefault(line => line.StartsWith("end ", StringComparison.Ordinal), "end ? ? ? ? ?").Split(' ');
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {round.Number} | {round} | {results.Length} | {successors} | {starts - Operations} | {counts[2]} | {counts[4]} | {counts[5]} | {watch.Elapsed.TotalSeconds:0} s |"));
            Assert.True(results.Length > 0, $"Round {round.Number}, {round}: {Tail(submitter)}");
            Assert.Equal(Enumerable.Range(1, Operations).Select(n => $"{n} Succeeded").Order(), results.Order());
        }
        finally
        {
            await Task.WhenAll(workers.Select(worker => worker.DisposeAsync().AsTask()));
        }
    }

    private static async Task<int> EndAsync(NodeProcess submitter, BrokerRound round)
    {
        try
        {
            return await submitter.EndAsync();
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"Round {round.Number}, {round}: the submitter has {ResultsOf(submitter).Length} results and does not end; {Tail(submitter)}");
        }
    }

    private static string Tail(NodeProcess process) => string.Join(" | ", process.Lines.Where(line => line.StartsWith("notice", StringComparison.Ordinal)).Concat(process.Errors).TakeLast(10));

    private static string[] ResultsOf(NodeProcess submitter) =>
        [.. submitter.Lines.Where(line => !line.StartsWith("end ", StringComparison.Ordinal) && !line.StartsWith("notice ", StringComparison.Ordinal))];

    /// <summary>Starts a worker, each with another node of the broker as its first.</summary>
    private static Task<NodeProcess> StartWorkerAsync(TestBrokerCluster brokers, BrokerRound round, int number, TemporaryDirectory scratch)
    {
        string name = $"worker-{number + 1}";
        string urls = string.Join(',', brokers.Brokers[number..].Concat(brokers.Brokers[..number]).Select(broker => broker.Url));
        return NodeProcess.StartNodeAsync(urls, round.Cluster, name, round.Partitions == 1 ? "job" : $"job/{round.Partitions}", Room, scratch[name]);
    }

    private static NodeProcess StartSubmitter(TestBrokerCluster brokers, BrokerRound round) =>
        NodeProcess.StartSubmitter(brokers.Urls, round.Cluster, "storm", "job", Operations, """{"n":$n,"sleep":400}""");
}
