using System.Diagnostics;
using Xunit;

namespace PortMgmt.Tests.Processes;

/// <summary>Waits for what must happen, however long a busy machine takes for it.</summary>
internal static class Eventually
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    public static void IsTrue(Func<bool> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < WaitTimeout, $"It did not happen within {WaitTimeout.TotalSeconds} s.");
            Thread.Sleep(5);
        }
    }
}
