using System.Diagnostics;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Support;

internal static class Eventually
{
    /// <summary>Waits for what another process does.</summary>
    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), what);

    /// <summary>Waits for what another process does, and what takes a while to find out.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(3), $"It did not come to this within three minutes: {what}.");
            await Task.Delay(20);
        }
    }
}
