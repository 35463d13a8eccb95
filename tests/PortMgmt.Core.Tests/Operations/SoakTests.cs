using System.Diagnostics;
using PortMgmt.Core.Tests.Leases;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

/// <summary>
/// Very many operations through one scheduler: nothing is lost, and nothing is left behind. The long form runs where
/// <c>PORTMGMT_SOAK=1</c> asks for it, the short one always.
/// </summary>
[Trait("Category", "Soak")]
[Collection(nameof(Alone))]
public sealed class SoakTests(ITestOutputHelper output)
{
    /// <summary>What the runtime itself may come to hold meanwhile: compiled code, pool threads that have not ended yet.</summary>
    private const long LiveBytesAllowed = 8 << 20;

    [Fact]
    public Task Soak_ShortForm_NothingIsLeftBehind() => RunAsync(200_000);

    [Fact]
    public Task Soak_TenMillionOperations_NothingIsLeftBehind()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PORTMGMT_SOAK") == "1", "Set PORTMGMT_SOAK=1 for the long form.");
        return RunAsync(10_000_000);
    }

    private async Task RunAsync(int operations)
    {
        await using var scheduler = new OperationScheduler<int, int>(new OperationSchedulerOptions
        {
            Settings = new OperationSettings { MaxConcurrent = 8, CacheSize = 1000 },
        });
        await RunOnceAsync(scheduler, operations / 10);
        var before = Footprint.Take();
        output.WriteLine($"before: {before}");

        long start = Stopwatch.GetTimestamp();
        await RunOnceAsync(scheduler, operations);
        TimeSpan took = Stopwatch.GetElapsedTime(start);

        var after = Footprint.Take();
        output.WriteLine($"after:  {after}");
        output.WriteLine($"{operations} operations in {took.TotalSeconds:0.0} s, {operations / took.TotalSeconds:0} a second");
        Assert.InRange(after.LiveBytes, 0, before.LiveBytes + LiveBytesAllowed);
        Assert.InRange(after.Threads, 0, before.Threads + 20);
        Assert.InRange(after.Handles, 0, before.Handles + 20);
    }

    /// <summary>Plain operations, operations with ids that come again, and some that fail and run again.</summary>
    private static async Task RunOnceAsync(OperationScheduler<int, int> scheduler, int operations)
    {
        long sum = 0;
        long failed = 0;
        var options = new OperationBatchOptions<int, int>
        {
            ExecutorIdentity = "soak",
            Retry = new RetryOptions { MaxRetries = 1, BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(1) },
        };
        await foreach (OperationResult<int, int> result in scheduler.RunAsync(
            Enumerable.Range(0, operations).Select(NewOperation),
            static (operation, _) => operation.Input % 1000 == 1 ? throw new InvalidOperationException() : ValueTask.FromResult(operation.Input),
            options))
        {
            sum += result.Input;
            if (result.Status == OperationStatus.Failed)
            {
                failed++;
            }
        }

        Assert.Equal((long)operations * (operations - 1) / 2, sum);
        Assert.Equal(operations / 1000, failed);
    }

    private static Operation<int> NewOperation(int i) => new(i) { Id = i % 10 == 0 ? $"id{i % 50_000}" : null };

    private sealed record Footprint(long LiveBytes, long WorkingSet, int Handles, int Threads)
    {
        public static Footprint Take()
        {
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            using var process = Process.GetCurrentProcess();
            return new Footprint(GC.GetTotalMemory(forceFullCollection: true), process.WorkingSet64, process.HandleCount, process.Threads.Count);
        }

        public override string ToString() =>
            $"{LiveBytes / 1024.0 / 1024:0.0} MB live, working set {WorkingSet / 1024.0 / 1024:0} MB, {Handles} handles, {Threads} threads";
    }
}
