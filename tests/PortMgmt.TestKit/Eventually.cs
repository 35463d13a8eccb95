using System.Diagnostics;
using Xunit;

namespace PortMgmt.TestKit;

/// <summary>Waits for what must happen, however long a busy machine takes for it.</summary>
public static class Eventually
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TimeoutOfProcesses = TimeSpan.FromMinutes(3);

    /// <summary>Waits for what threads and processes of this machine do.</summary>
    /// <param name="condition">Whether it has happened.</param>
    /// <param name="otherwise">Why the test fails if it does not.</param>
    public static void IsTrue(Func<bool> condition, string? otherwise = null)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Timeout, otherwise ?? $"It did not happen within {Timeout.TotalSeconds} s.");
            Thread.Sleep(5);
        }
    }

    /// <summary>Waits for what another process does.</summary>
    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), what);

    /// <summary>Waits for what another process does, and what takes a while to find out.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < TimeoutOfProcesses, $"It did not come to this within {TimeoutOfProcesses.TotalMinutes} minutes: {what}.");
            await Task.Delay(20);
        }
    }
}
