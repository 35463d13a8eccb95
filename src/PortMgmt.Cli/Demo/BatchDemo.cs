using System.Globalization;
using PortMgmt.Metrics;
using PortMgmt.Operations;

namespace PortMgmt.Cli.Demo;

/// <summary>The batch half at work: operations that wait, fail and come again, under a limit that holds and with none lost.</summary>
/// <param name="say">Takes each sentence as it becomes true.</param>
internal sealed class BatchDemo(Action<string> say)
{
    private const int OperationCount = 10_000;
    private const int DistinctIds = 8_000;
    private const int Limit = 50;
    private const int FailingEvery = 100;

    /// <summary>Runs it.</summary>
    /// <exception cref="IOException">Something was not as it should be.</exception>
    public async Task<OperationMetrics> RunAsync(CancellationToken cancellationToken)
    {
        await using var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            Name = "demo",
            Settings = new OperationSettings { MaxConcurrent = Limit, CacheSize = DistinctIds },
        });
        var options = new OperationBatchOptions<int, int>
        {
            Retry = new RetryOptions { MaxRetries = 2, BaseDelay = TimeSpan.FromMilliseconds(5) },
        };
        bool[] seen = new bool[OperationCount];
        await foreach (OperationResult<int, int> result in scheduler
            .RunAsync(Enumerable.Range(0, OperationCount).Select(ToOperation), SquareAsync, options, cancellationToken)
            .ConfigureAwait(false))
        {
            DemoFailure.Require(!seen[result.Input], "An operation had two results.");
            int number = result.Input % DistinctIds;
            DemoFailure.Require(result.Status == OperationStatus.Succeeded && result.Output == number * number, "An operation had a wrong result.");
            seen[result.Input] = true;
        }

        OperationMetrics metrics = scheduler.GetMetrics();
        Check(metrics, seen);
        Report(metrics);
        return metrics;
    }

    private static Operation<int> ToOperation(int number) =>
        new(number) { Id = (number % DistinctIds).ToString(CultureInfo.InvariantCulture) };

    private static async ValueTask<int> SquareAsync(Operation<int> operation, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(2), cancellationToken).ConfigureAwait(false);
        int number = operation.Input % DistinctIds;
        return number % FailingEvery == 0 && operation.Attempts == 1
            ? throw new InvalidOperationException("The first attempt of this one always fails.")
            : number * number;
    }

    private static void Check(OperationMetrics metrics, bool[] seen)
    {
        DemoFailure.Require(Array.TrueForAll(seen, one => one), "An operation had no result.");
        DemoFailure.Require(metrics.PeakConcurrency <= Limit, "More operations ran at once than the limit allows.");
        DemoFailure.Require(metrics.Retries == DistinctIds / FailingEvery, "Another number of operations was tried again than failed.");
    }

    private void Report(OperationMetrics metrics)
    {
        LatencySummary service = metrics.Latency.Service;
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"Ran {metrics.TotalOperations} operations that wait 2 ms each, at most {Limit} at once (peak {metrics.PeakConcurrency}), in {metrics.ActiveTime.TotalSeconds:0.00} s: {metrics.Throughput:0} a second, each with one result."));
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"{metrics.Retries} failed at first and succeeded when tried again (success rate {metrics.SuccessRate:0} %); {metrics.CacheHitRate:0 %} were answered from the cache; service time p50 {service.P50.TotalMilliseconds:0.0} ms, p99 {service.P99.TotalMilliseconds:0.0} ms."));
    }
}
