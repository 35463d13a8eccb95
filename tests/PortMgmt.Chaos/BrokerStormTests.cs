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
        for (int round = ChaosScale.FirstRound; round < ChaosScale.FirstRound + ChaosScale.Rounds; round++)
        {
            await RageAsync(brokers, round);
            await brokers.WaitUntilWholeAsync();
        }
    }

    private async Task RageAsync(TestBrokerCluster brokers, int round)
    {
        var watch = Stopwatch.StartNew();
        var fault = BrokerFault.Of(round);
        var random = new Random(round);
        string cluster = $"storm-{round}";
        using var scratch = new TemporaryDirectory();
        NodeProcess[] workers = await Task.WhenAll(Enumerable.Range(1, 3).Select(n => StartWorkerAsync(brokers, cluster, $"worker-{n}", scratch)));
        try
        {
            NodeProcess submitter = StartSubmitter(brokers, cluster);
            await Eventually.HoldsAsync(() => ResultsOf(submitter).Length > Operations / 10 || submitter.HasExited, $"the first results of round {round}; {Tail(submitter)}");
            Task raging = fault.RunAsync(new BrokerFaults(brokers, $"portmgmt.v1.{cluster}.work.job", random));
            await Task.Delay(random.Next(2000));
            int doomed = random.Next(workers.Length);
            await workers[doomed].KillAsync();
            bool killsSubmitter = round % 2 == 0;
            if (killsSubmitter)
            {
                await submitter.KillAsync();
            }

            await raging;
            Task<NodeProcess> replacing = StartWorkerAsync(brokers, cluster, $"worker-{doomed + 1}", scratch);
            int successors = 0;
            while (await EndAsync(submitter, round, fault) != 0 && successors < MaxSuccessors)
            {
                // Killed, or started while no broker could serve it: somebody starts it again.
                successors++;
                await submitter.DisposeAsync();
                submitter = StartSubmitter(brokers, cluster);
            }

            await using NodeProcess last = submitter;
            workers[doomed] = await replacing;
            string[] results = ResultsOf(submitter);
            int starts = Directory.GetFiles(scratch.Path).Sum(file => File.ReadLines(file).Count());
            string[] counts = submitter.Lines.LastOrDefault(line => line.StartsWith("end ", StringComparison.Ordinal), "end ? ? ? ? ?").Split(' ');
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {round} | {fault.Name} | {results.Length} | {successors} | {starts - Operations} | {counts[2]} | {counts[4]} | {counts[5]} | {watch.Elapsed.TotalSeconds:0} s |"));
            Assert.True(results.Length > 0, $"Round {round}, {fault.Name}: {Tail(submitter)}");
            Assert.Equal(Enumerable.Range(1, Operations).Select(n => $"{n} Succeeded").Order(), results.Order());
        }
        finally
        {
            await Task.WhenAll(workers.Select(worker => worker.DisposeAsync().AsTask()));
        }
    }

    private static async Task<int> EndAsync(NodeProcess submitter, int round, BrokerFault fault)
    {
        try
        {
            return await submitter.EndAsync();
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"Round {round}, {fault.Name}: the submitter has {ResultsOf(submitter).Length} results and does not end; {Tail(submitter)}");
        }
    }

    private static string Tail(NodeProcess process) => string.Join(" | ", process.Lines.Where(line => line.StartsWith("notice", StringComparison.Ordinal)).Concat(process.Errors).TakeLast(10));

    private static string[] ResultsOf(NodeProcess submitter) =>
        [.. submitter.Lines.Where(line => !line.StartsWith("end ", StringComparison.Ordinal) && !line.StartsWith("notice ", StringComparison.Ordinal))];

    private static Task<NodeProcess> StartWorkerAsync(TestBrokerCluster brokers, string cluster, string name, TemporaryDirectory scratch) =>
        NodeProcess.StartNodeAsync(brokers.Urls, cluster, name, "job", Room, scratch[name]);

    private static NodeProcess StartSubmitter(TestBrokerCluster brokers, string cluster) =>
        NodeProcess.StartSubmitter(brokers.Urls, cluster, "storm", "job", Operations, """{"n":$n,"sleep":400}""");
}
